package io.neuralbridge.text;

/**
 * A line of the source, or a piece of a very long one.
 *
 * @param text never blank, without white space at its end; a piece that continues a line may start
 *     with white space
 * @param afterGap whether blank lines or a form feed come before it
 * @param continued whether it continues the line before
 */
record Line(String text, boolean afterGap, boolean continued) {

  /** What stands between this line and the one before. */
  String glue() {
    if (continued) {
      return Segment.SAME_LINE;
    }
    return afterGap ? Segment.AFTER_BLANK_LINE : Segment.NEXT_LINE;
  }

  /** The rank of a cut inside a very long line. */
  Cut continuationCut() {
    return Character.isWhitespace(text.charAt(0)) ? Cut.WORD : Cut.CHARACTER;
  }

  /** How many columns of white space it starts with; a tab counts to the next multiple of four. */
  int indent() {
    int columns = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        columns += 4 - columns % 4;
      } else if (Character.isWhitespace(c)) {
        columns++;
      } else {
        break;
      }
    }
    return columns;
  }
}
