package io.neuralbridge.text;

import org.jspecify.annotations.Nullable;

/**
 * A piece of text that is never cut.
 *
 * @param glue what stands between it and the segment before, if both are in the same chunk
 * @param cut how good it is to cut before this segment
 * @param weight of text and glue, in the unit of the chunk size
 */
record Segment(String text, String glue, Cut cut, @Nullable Frame frame, int weight) {

  static final String SAME_LINE = "";
  static final String NEXT_LINE = "\n";
  static final String AFTER_BLANK_LINE = "\n\n";

  /** The weight it adds after a segment with the frame {@code before}. */
  int weightAfter(@Nullable Frame before) {
    return frame == null || frame == before ? weight : weight + frame.weight();
  }
}
