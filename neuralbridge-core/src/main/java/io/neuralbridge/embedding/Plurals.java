package io.neuralbridge.embedding;

/** Undoes the regular English plural; other words stay as they are, for better or worse alike. */
final class Plurals {
  private static final int SHORTEST = 4;

  private Plurals() {}

  static String singular(String word) {
    int length = word.length();
    if (length < SHORTEST || word.charAt(length - 1) != 's') {
      return word;
    }
    if (word.endsWith("ies") && length > SHORTEST) {
      return word.substring(0, length - 3) + "y";
    }
    if (word.endsWith("sses")
        || word.endsWith("xes")
        || word.endsWith("ches")
        || word.endsWith("shes")) {
      return word.substring(0, length - 2);
    }
    // "class", "status" and "analysis" are no plurals.
    return "sui".indexOf(word.charAt(length - 2)) >= 0 ? word : word.substring(0, length - 1);
  }
}
