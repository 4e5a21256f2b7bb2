package io.neuralbridge.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.neuralbridge.text.ChunkSize.Unit;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {

  @Test
  void theDefaultIsFourHundredTokens() {
    assertThat(ChunkSize.DEFAULT).isEqualTo(new ChunkSize(400, 60, Unit.TOKENS));
  }

  @Test
  void aMaximumOutsideTheRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChunkSize.tokens(15, 0))
        .withMessage("max must be between 16 and 1000000: 15");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChunkSize.characters(1_000_001, 0))
        .withMessageContaining("1000001");
  }

  @Test
  void anOverlapOutsideTheRangeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChunkSize.tokens(100, -1))
        .withMessage("overlap must not be negative: -1; use 0 for none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChunkSize.tokens(100, 50))
        .withMessage("overlap must be less than half of max (100): 50");
    assertThat(ChunkSize.tokens(100, 49).overlap()).isEqualTo(49);
  }
}
