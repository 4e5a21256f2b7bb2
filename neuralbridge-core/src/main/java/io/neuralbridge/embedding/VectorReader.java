package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** One vector in a response: an array of numbers, or base64 of little-endian 32-bit floats. */
final class VectorReader {

  private final byte[] body;
  private final int dimensions;

  /**
   * @param body what the parser reads
   */
  VectorReader(byte[] body, int dimensions) {
    this.body = body;
    this.dimensions = dimensions;
  }

  /**
   * Reads the vector at which the parser stands.
   *
   * @throws BadVectorException if it is none, or not as long as it should be
   */
  float[] read(JsonParser parser) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_STRING) {
      byte[] bytes = plainBase64(parser);
      return checked(ofBytes(bytes == null ? parser.getBinaryValue() : bytes));
    }
    if (token == JsonToken.START_ARRAY) {
      return checked(ofNumbers(parser));
    }
    throw new BadVectorException("a vector is neither an array nor base64, but " + token);
  }

  // Straight from the body: the parser's own decoder, which goes byte by byte, was most of a call's
  // CPU. Null if it must see to it, because of escapes, or to say what is wrong.
  private byte @Nullable [] plainBase64(JsonParser parser) {
    int length = (dimensions * Float.BYTES + 2) / 3 * 4;
    long quote = parser.currentTokenLocation().getByteOffset();
    if (quote < 0 || quote + length + 1 >= body.length) {
      return null;
    }
    int from = (int) quote + 1;
    if (body[from - 1] != '"' || body[from + length] != '"') {
      return null;
    }
    try {
      return Base64.getDecoder().decode(ByteBuffer.wrap(body, from, length)).array();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private float[] ofBytes(byte[] bytes) {
    requireLength(bytes.length / Float.BYTES);
    if (bytes.length % Float.BYTES != 0) {
      throw new BadVectorException("a vector has %d bytes".formatted(bytes.length));
    }
    float[] vector = new float[dimensions];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
    return vector;
  }

  private float[] ofNumbers(JsonParser parser) {
    float[] vector = new float[dimensions];
    int length = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isNumeric()) {
        throw new BadVectorException("a vector holds " + parser.currentToken());
      }
      if (length < dimensions) {
        vector[length] = parser.getFloatValue();
      }
      length++;
    }
    requireLength(length);
    return vector;
  }

  private void requireLength(int length) {
    if (length != dimensions) {
      throw new BadVectorException(
          Reason.WRONG_DIMENSIONS,
          "vectors have %d dimensions, not %d: build the model with dimensions(%d), or let it ask for fewer with shortenedTo(…)"
              .formatted(length, dimensions, length));
    }
  }

  private static float[] checked(float[] vector) {
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        throw new BadVectorException("a vector holds " + number);
      }
    }
    return vector;
  }

  /** Why a response cannot be used. */
  static final class BadVectorException extends RuntimeException {
    private final Reason reason;

    BadVectorException(String message) {
      this(Reason.BAD_RESPONSE, message);
    }

    private BadVectorException(Reason reason, String message) {
      super(message);
      this.reason = reason;
    }

    Reason reason() {
      return reason;
    }
  }
}
