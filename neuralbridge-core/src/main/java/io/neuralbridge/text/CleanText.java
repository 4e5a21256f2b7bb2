package io.neuralbridge.text;

/**
 * Text that every store can hold. NUL, which PostgreSQL refuses, and surrogates without a partner,
 * which have no UTF-8 form, are each replaced by U+FFFD.
 *
 * @param text the text, of the same length as the original
 * @param replaced how many characters were replaced
 */
public record CleanText(String text, int replaced) {

  static final char REPLACEMENT = '\uFFFD';

  /** Cleans {@code text}; without a copy if it is clean already, as nearly all text is. */
  public static CleanText of(String text) {
    int first = 0;
    while (first < text.length() && !isBad(text, first)) {
      first++;
    }
    return first == text.length() ? new CleanText(text, 0) : replaceFrom(first, text);
  }

  private static CleanText replaceFrom(int first, String text) {
    StringBuilder clean = new StringBuilder(text);
    int replaced = 0;
    for (int i = first; i < text.length(); i++) {
      if (isBad(text, i)) {
        clean.setCharAt(i, REPLACEMENT);
        replaced++;
      }
    }
    return new CleanText(clean.toString(), replaced);
  }

  private static boolean isBad(String text, int at) {
    char c = text.charAt(at);
    if (c == 0) {
      return true;
    }
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    return Character.isLowSurrogate(c)
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }
}
