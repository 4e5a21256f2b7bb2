package io.neuralbridge.text;

/**
 * Lines to repeat around each piece of a block that is cut: a code block's fences, a table's head.
 * No record, since two blocks with equal fences still are two blocks.
 */
final class Frame {

  private final String open;
  private final String close;
  private final int weight;

  /**
   * The frame of one block.
   *
   * @param close empty if nothing follows the block
   */
  Frame(String open, String close, Measure measure) {
    this.open = open;
    this.close = close;
    this.weight = measure.weigh(open) + measure.weigh(close) + 2;
  }

  int weight() {
    return weight;
  }

  void open(StringBuilder text) {
    text.append(open).append('\n');
  }

  void close(StringBuilder text) {
    if (!close.isEmpty()) {
      text.append('\n').append(close);
    }
  }
}
