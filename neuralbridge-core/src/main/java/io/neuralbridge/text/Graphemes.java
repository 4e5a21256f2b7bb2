package io.neuralbridge.text;

/**
 * Where a cut would tear apart what a reader sees as one character. A small rule of our own, since
 * the JDK's changed between releases and passages must not.
 */
final class Graphemes {

  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private Graphemes() {}

  /**
   * The last good place to cut at or before {@code end}, but after {@code start}, which is one too.
   * Where there is none, {@code end} or a neighbour of it that is outside a surrogate pair.
   */
  static int cutBefore(CharSequence text, int start, int end) {
    for (int at = end; at > start; at--) {
      if (isBoundary(text, start, at)) {
        return at;
      }
    }
    if (!isInsidePair(text, end)) {
      return end;
    }
    return end - start > 1 ? end - 1 : end + 1;
  }

  static boolean isInsidePair(CharSequence text, int at) {
    return at > 0
        && at < text.length()
        && Character.isHighSurrogate(text.charAt(at - 1))
        && Character.isLowSurrogate(text.charAt(at));
  }

  private static boolean isBoundary(CharSequence text, int start, int at) {
    if (at <= 0 || at >= text.length()) {
      return true;
    }
    if (text.charAt(at - 1) < 0x300 && text.charAt(at) < 0x300) {
      return true;
    }
    if (isInsidePair(text, at)) {
      return false;
    }
    int before = Character.codePointBefore(text, at);
    int after = Character.codePointAt(text, at);
    return before != ZERO_WIDTH_JOINER && !extend(after) && !splitsFlag(text, start, at);
  }

  private static boolean extend(int codePoint) {
    if (codePoint == ZERO_WIDTH_JOINER || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF)) {
      return true;
    }
    return switch (Character.getType(codePoint)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK ->
          true;
      default -> false;
    };
  }

  /** A flag is two regional indicators; an odd number of them before the cut leaves half a flag. */
  private static boolean splitsFlag(CharSequence text, int start, int at) {
    if (!isRegionalIndicator(Character.codePointAt(text, at))) {
      return false;
    }
    int run = 0;
    for (int i = at;
        i >= start + 2 && isRegionalIndicator(Character.codePointBefore(text, i));
        i -= 2) {
      run++;
    }
    return run % 2 == 1;
  }

  private static boolean isRegionalIndicator(int codePoint) {
    return codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF;
  }
}
