package io.neuralbridge.text;

/** How good a place to cut is, the best first. */
enum Cut {
  BLOCK,
  ITEM,
  LINE,
  SENTENCE,
  WORD,
  CHARACTER;

  boolean isBetterThan(Cut other) {
    return compareTo(other) < 0;
  }

  /** Whether the text that follows starts in the middle of a line. */
  boolean isInsideLine() {
    return compareTo(SENTENCE) >= 0;
  }
}
