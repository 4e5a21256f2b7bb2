package io.neuralbridge.text;

/**
 * How large a chunk may get, and how much of it the next one repeats.
 *
 * <p>{@link #DEFAULT} is 400 tokens with an overlap of 60. A chunk of that size holds a few
 * paragraphs: enough to be understood alone, small enough that its vector still stands for one
 * subject and that ten hits fit into a prompt, and below the 512 tokens at which many embedding
 * models cut their input off, with room for models that count more tokens than cl100k does. About a
 * seventh of overlap keeps a statement findable that straddles a cut, without storing much twice.
 *
 * @param max the size that no chunk exceeds, its heading path and whatever is repeated included; at
 *     least {@value #SMALLEST} and at most {@value #LARGEST}
 * @param overlap how much of a chunk's end the next chunk of the same section repeats at most; at
 *     least 0 and less than half of {@code max}
 * @param unit what {@code max} and {@code overlap} count
 */
public record ChunkSize(int max, int overlap, Unit unit) {

  static final int SMALLEST = 16;
  static final int LARGEST = 1_000_000;

  /** 400 tokens, 60 of them repeated. */
  public static final ChunkSize DEFAULT = new ChunkSize(400, 60, Unit.TOKENS);

  /** What a size counts. */
  public enum Unit {
    /** Tokens of a {@link TokenCounter}. */
    TOKENS,
    /** UTF-16 code units, as {@link String#length()} counts them. */
    CHARACTERS
  }

  public ChunkSize {
    if (max < SMALLEST || max > LARGEST) {
      throw new IllegalArgumentException(
          "max must be between %d and %d: %d".formatted(SMALLEST, LARGEST, max));
    }
    if (overlap < 0) {
      throw new IllegalArgumentException(
          "overlap must not be negative: %d; use 0 for none".formatted(overlap));
    }
    if (2L * overlap >= max) {
      throw new IllegalArgumentException(
          "overlap must be less than half of max (%d): %d".formatted(max, overlap));
    }
  }

  /** {@code max} tokens, {@code overlap} of them repeated. */
  public static ChunkSize tokens(int max, int overlap) {
    return new ChunkSize(max, overlap, Unit.TOKENS);
  }

  /** {@code max} characters, {@code overlap} of them repeated. */
  public static ChunkSize characters(int max, int overlap) {
    return new ChunkSize(max, overlap, Unit.CHARACTERS);
  }
}
