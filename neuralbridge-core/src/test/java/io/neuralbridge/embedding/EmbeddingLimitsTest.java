package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingLimitsTest {

  @Test
  void aModelThatSaysNothingIsLimitedByItsBatchSize() {
    assertThat(LocalEmbeddingModel.create().limits()).isEqualTo(EmbeddingLimits.ofInputs(1));
    assertThat(EmbeddingLimits.ofInputs(7))
        .isEqualTo(
            new EmbeddingLimits(
                7, EmbeddingLimits.NONE, EmbeddingLimits.NONE, EmbeddingLimits.NONE));
  }

  @Test
  void eachLimitIsReplacedAlone() {
    assertThat(
            EmbeddingLimits.OPENAI
                .withMaxInputs(1)
                .withMaxTokensPerInput(2)
                .withMaxTokensPerRequest(3)
                .withMaxBytesPerRequest(4_000))
        .isEqualTo(new EmbeddingLimits(1, 2, 3, 4_000));
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> EmbeddingLimits.ofInputs(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxInputs")
        .hasMessageContaining("0");
    assertThatThrownBy(() -> EmbeddingLimits.OPENAI.withMaxBytesPerRequest(10))
        .hasMessageContaining("maxBytesPerRequest");
  }

  @ParameterizedTest
  @EnumSource(EmbeddingDialect.class)
  void everyDialectHasLimits(EmbeddingDialect dialect) {
    assertThat(dialect.limits().maxInputs()).isLessThan(EmbeddingLimits.NONE);
    assertThat(dialect.limits().maxTokensPerInput()).isLessThan(EmbeddingLimits.NONE);
  }
}
