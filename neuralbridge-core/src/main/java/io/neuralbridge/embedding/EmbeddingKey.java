package io.neuralbridge.embedding;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What a vector depends on, as a SHA-256: model id, dimensions, input type, version of the
 * preprocessing, and text. Texts with the same key have the same vector, whoever they belong to.
 *
 * @param first bytes 0 to 7 of the hash, big-endian; the others follow
 */
public record EmbeddingKey(long first, long second, long third, long fourth) {

  /** The length of {@link #bytes()}. */
  public static final int BYTES = 32;

  /**
   * The key of a text.
   *
   * @param modelId as {@link EmbeddingModel#modelId()} says
   * @param preprocessing whatever the host did to its texts, by a name that changes with it; empty
   *     for nothing
   */
  public static EmbeddingKey of(
      String modelId, int dimensions, InputType inputType, String preprocessing, String text) {
    return new EmbeddingKeys(modelId, dimensions, inputType, preprocessing).of(text);
  }

  /**
   * The key of 32 bytes, as {@link #bytes()} returned them.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static EmbeddingKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "an embedding key has %d bytes, not %d".formatted(BYTES, bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new EmbeddingKey(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /** The hash, for a store. */
  public byte[] bytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(first)
        .putLong(second)
        .putLong(third)
        .putLong(fourth)
        .array();
  }

  /** The hash in hexadecimal. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }
}
