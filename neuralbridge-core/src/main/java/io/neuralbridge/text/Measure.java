package io.neuralbridge.text;

import io.neuralbridge.text.ChunkSize.Unit;

/** A {@link ChunkSize} and the means to weigh text in its unit. */
record Measure(ChunkSize size, TokenCounter counter) {

  /** cl100k's longest token; the floor that keeps memory bounded for any counter. */
  private static final int LONGEST_TOKEN = 128;

  static Measure of(ChunkSize size, TokenCounter tokens) {
    return new Measure(size, size.unit() == Unit.TOKENS ? tokens : CharSequence::length);
  }

  int weigh(String text) {
    int least = (text.length() + LONGEST_TOKEN - 1) / LONGEST_TOKEN;
    return Math.max(counter.count(text), least);
  }

  int max() {
    return size.max();
  }

  int overlap() {
    return size.overlap();
  }

  /** What the heading path and its line end may take, so that there is room for text. */
  int maxHeading() {
    return max() / 3;
  }

  /** What the repeated fences of a code block, or head of a table, may take. */
  int maxFrame() {
    return max() / 4;
  }

  /** What one segment may weigh: whatever its heading and frame, it fits into a chunk. */
  int maxSegment() {
    return max() / 4;
  }
}
