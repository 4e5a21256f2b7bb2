package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aRecordOrQueryWithANumberThatIsNotFiniteIsRefused(float number) {
    float[] vector = {1, number};

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VectorRecord("a", vector, Map.of()))
        .withMessageContaining("'a'")
        .withMessageContaining("index 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VectorQuery.of(vector, 1))
        .withMessageContaining("query");
  }

  @Test
  void aVectorWithoutDirectionIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VectorRecord("a", new float[] {0, -0f}, Map.of()))
        .withMessageContaining("zeros");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VectorQuery.of(new float[0], 1))
        .withMessageContaining("empty");
  }

  @Test
  void aQueryAsksForOneMatchAtLeast() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VectorQuery.of(new float[] {1}, 0))
        .withMessageContaining("k");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 16, 33})
  void theUnrolledDotProductEqualsThePlainOneAtEveryLength(int length) {
    float[] a = RandomVectors.of(1, 1, length + 3).get(0);
    float[] b = RandomVectors.of(2, 1, length).get(0);
    double expected = 0;
    for (int i = 0; i < length; i++) {
      expected += (double) a[i + 3] * b[i];
    }

    assertThat((double) Vectors.dot(a, 3, b)).isCloseTo(expected, within(1e-4));
  }

  @Test
  void theSmallestAndTheLargestVectorsCanBeScaledToLengthOne() {
    assertThat(Vectors.toUnitLength(new float[] {Float.MIN_VALUE, 0})).containsExactly(1, 0);
    assertThat(Vectors.toUnitLength(new float[] {0, -Float.MAX_VALUE})).containsExactly(0, -1);
  }
}
