package io.neuralbridge.text;

/** {@link TokenCounter#truncate}: doubles to find where it is too much, then halves. */
final class Truncation {

  private Truncation() {}

  static String of(TokenCounter counter, String text, int max) {
    if (max < 0) {
      throw new IllegalArgumentException("max must not be negative: " + max);
    }
    int fits = 0;
    int tooMuch = Math.max(1, max);
    while (tooMuch < text.length() && fits(counter, text, tooMuch, max)) {
      fits = tooMuch;
      tooMuch = (int) Math.min(2L * tooMuch, text.length());
    }
    if (tooMuch >= text.length() && fits(counter, text, text.length(), max)) {
      return text;
    }
    while (tooMuch - fits > 1) {
      int middle = (fits + tooMuch) >>> 1;
      if (fits(counter, text, middle, max)) {
        fits = middle;
      } else {
        tooMuch = middle;
      }
    }
    return text.substring(0, wholeCharacters(counter, text, fits, max));
  }

  private static boolean fits(TokenCounter counter, String text, int end, int max) {
    return counter.count(text.substring(0, Math.min(end, text.length()))) <= max;
  }

  // A shorter text may have more tokens, if the cut tears a long token apart.
  private static int wholeCharacters(TokenCounter counter, String text, int end, int max) {
    int cut = end == 0 ? 0 : Graphemes.cutBefore(text, 0, end);
    while (cut > 0 && (cut > end || !fits(counter, text, cut, max))) {
      int next = cut == 1 ? 0 : Graphemes.cutBefore(text, 0, cut - 1);
      cut = next < cut ? next : 0;
    }
    return cut;
  }
}
