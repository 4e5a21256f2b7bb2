package io.neuralbridge.retrieval;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Mistypes one or two of the longer words of a text: swaps, drops, doubles or replaces a letter.
 */
final class Typos {
  private static final int LONG_WORD = 5;

  private Typos() {}

  static String in(String text, Random random) {
    String[] words = text.split(" ", -1);
    List<Integer> candidates = candidates(words);
    int count = Math.min(candidates.size(), 1 + random.nextInt(2));
    for (int i = 0; i < count; i++) {
      int index = candidates.remove(random.nextInt(candidates.size()));
      words[index] = mistype(words[index], random);
    }
    return String.join(" ", words);
  }

  /** The words of five letters or more; where there are none, the longest word. */
  private static List<Integer> candidates(String[] words) {
    List<Integer> found = new ArrayList<>();
    int longest = 0;
    for (int i = 0; i < words.length; i++) {
      longest = words[i].length() > words[longest].length() ? i : longest;
      if (words[i].length() >= LONG_WORD) {
        found.add(i);
      }
    }
    if (found.isEmpty()) {
      found.add(longest);
    }
    return found;
  }

  private static String mistype(String word, Random random) {
    String typo = word;
    while (typo.equals(word)) {
      int at = random.nextInt(word.length() - 1);
      typo =
          switch (random.nextInt(4)) {
            case 0 ->
                word.substring(0, at)
                    + word.charAt(at + 1)
                    + word.charAt(at)
                    + word.substring(at + 2);
            case 1 -> word.substring(0, at) + word.substring(at + 1);
            case 2 -> word.substring(0, at) + word.charAt(at) + word.substring(at);
            default ->
                word.substring(0, at) + (char) ('a' + random.nextInt(26)) + word.substring(at + 1);
          };
    }
    return typo;
  }
}
