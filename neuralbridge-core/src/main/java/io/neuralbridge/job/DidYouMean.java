package io.neuralbridge.job;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** The name that somebody meant who mistyped another, for messages. */
public final class DidYouMean {

  private DidYouMean() {}

  /** Ends a message: the nearest of {@code names}, or all of them where none is near. */
  public static String among(Collection<String> names, String wanted) {
    return names.stream()
        .filter(name -> distance(name, wanted) <= Math.max(2, wanted.length() / 3))
        .min(Comparator.comparing((String name) -> distance(name, wanted)).thenComparing(n -> n))
        .map("did you mean '%s'?"::formatted)
        .orElse(names.isEmpty() ? "there are none" : "there are " + String.join(", ", names));
  }

  /** Levenshtein's, without regard to case. */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
