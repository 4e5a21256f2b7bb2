package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors as base64, in whatever way a server writes its strings. */
class ResponseReaderTest {

  // Its base64 holds slashes and ends with padding, or not, by its length.
  private static float[] vector(int dimensions) {
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = Float.intBitsToFloat(0x3f7fffff - i);
    }
    return vector;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  private static float[] read(String value, int dimensions) {
    String body =
        "{\"model\": \"é\", \"data\": [{\"index\": 0, \"embedding\" :\n \"" + value + "\"}]}";
    return ResponseReader.read(
            body.getBytes(StandardCharsets.UTF_8), 1, dimensions, RateLimitHeaders.NONE)
        .vectors()
        .get(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 1536})
  void aVectorIsReadAsItWasWritten(int dimensions) {
    float[] vector = vector(dimensions);
    assertThat(read(base64(vector), dimensions)).containsExactly(vector);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 1536})
  void slashesMayBeEscaped(int dimensions) {
    float[] vector = vector(dimensions);
    assertThat(base64(vector)).contains("/");
    assertThat(read(base64(vector).replace("/", "\\/"), dimensions)).containsExactly(vector);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 9, 100})
  void anotherLengthIsRefused(int dimensions) {
    assertThatThrownBy(() -> read(base64(vector(dimensions)), 8))
        .isInstanceOf(VectorReader.BadVectorException.class)
        .hasMessageContaining(dimensions + " dimensions, not 8");
  }
}
