package io.neuralbridge.text;

/**
 * Counts the tokens that a model would see in a text. Used to size chunks, so it must be a pure
 * function: the same text always has the same count, or chunks would move between two runs.
 *
 * <p>Implementations are called from several threads at once. A count is never negative.
 */
@FunctionalInterface
public interface TokenCounter {

  /** How many tokens {@code text} has; 0 for an empty text. */
  int count(CharSequence text);

  /**
   * OpenAI's {@code cl100k_base} vocabulary, which also is a fair estimate for other models.
   *
   * <p>Text that spells a special token, such as {@code <|endoftext|>}, is counted as the ordinary
   * text it is and never refused. The vocabulary is loaded by the first count, once for the whole
   * process: about 2 MB read, some tens of MB of heap. A single unbroken run of a million letters
   * takes seconds to count exactly; {@link Chunker} never asks for that.
   */
  static TokenCounter cl100k() {
    return Cl100kTokenCounter.INSTANCE;
  }

  /**
   * The beginning of a text that has at most {@code max} tokens, as long as can be found, cut where
   * no character that a reader sees is torn apart. A text that fits is returned as it is.
   *
   * @param max at least 0
   * @return possibly empty, if not even the first character fits
   */
  default String truncate(String text, int max) {
    return Truncation.of(this, text, max);
  }
}
