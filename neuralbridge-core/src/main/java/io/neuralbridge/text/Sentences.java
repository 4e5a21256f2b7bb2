package io.neuralbridge.text;

/**
 * Where sentences end, by a rule that is the same in every locale: a full stop, question mark or
 * exclamation mark, closing quotes and brackets, then white space and no lower-case letter.
 */
final class Sentences {

  private Sentences() {}

  /** The end of the sentence that starts at {@code start}; white space belongs to the next one. */
  static int end(String text, int start) {
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isWideTerminator(c) || (isTerminator(c) && !endsAbbreviation(text, i))) {
        int end = skipClosing(text, i + 1);
        if (isWideTerminator(c) || startsSentence(text, end)) {
          return end;
        }
      }
    }
    return text.length();
  }

  /** Whether a line that ends so may well end a sentence. */
  static boolean isEnded(String line) {
    int last = line.length() - 1;
    while (last > 0 && isClosing(line.charAt(last))) {
      last--;
    }
    return isTerminator(line.charAt(last)) || isWideTerminator(line.charAt(last));
  }

  private static boolean isTerminator(char c) {
    return c == '.' || c == '!' || c == '?' || c == '\u2026';
  }

  /** CJK marks, after which there is no space. */
  private static boolean isWideTerminator(char c) {
    return c == '\u3002' || c == '\uFF01' || c == '\uFF1F';
  }

  private static boolean isClosing(char c) {
    return switch (c) {
      case '"', '\'', ')', ']', '\u201D', '\u2019', '\u00BB', '\u300D', '\u300F', '\uFF09' -> true;
      default -> false;
    };
  }

  private static int skipClosing(String text, int from) {
    int at = from;
    while (at < text.length() && isClosing(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** As in "e.g." or "J. Smith": one letter stands alone before the full stop. */
  private static boolean endsAbbreviation(String text, int stop) {
    return text.charAt(stop) == '.'
        && stop > 0
        && Character.isLetter(text.charAt(stop - 1))
        && (stop == 1 || !Character.isLetterOrDigit(text.charAt(stop - 2)));
  }

  private static boolean startsSentence(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at > from && at < text.length() && !Character.isLowerCase(text.charAt(at));
  }
}
