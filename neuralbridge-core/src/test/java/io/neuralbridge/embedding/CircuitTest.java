package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitTest {

  private final EmbeddingException failure = new EmbeddingException(Reason.SERVER_ERROR, "broken");
  private static final long AFTER = Duration.ofSeconds(30).toNanos();

  private final Circuit circuit = new Circuit(BreakerSettings.DEFAULT, Duration.ofMinutes(1));

  private Duration fail(int times) {
    Duration pause = null;
    for (int i = 0; i < times; i++) {
      pause = circuit.failed(failure, false, 0);
    }
    return pause;
  }

  @Test
  void itOpensAfterSoManyFailuresInARow() {
    assertThat(fail(4)).isNull();
    circuit.answered(false);
    assertThat(fail(4)).isNull();
    assertThat(circuit.refusal(0)).isNull();
    assertThat(fail(1)).isEqualTo(Duration.ofSeconds(30));
    assertThat(circuit.refusal(0).retryAfter()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void itOpensWhenHalfOfTheCallsFail() {
    Duration pause = null;
    for (int i = 0; i < 10; i++) {
      circuit.answered(false);
      pause = circuit.failed(failure, false, 0);
    }
    assertThat(pause).isNotNull();
  }

  @Test
  void whatWasUnderWayWhenItOpenedNeitherClosesNorProlongsIt() {
    fail(5);
    assertThat(circuit.answered(false)).isFalse();
    assertThat(circuit.failed(failure, false, AFTER - 1)).isNull();
    assertThat(circuit.refusal(AFTER - 1)).isNotNull();
    assertThat(circuit.refusal(AFTER)).isNull();
  }

  @Test
  void oneProbeDecides() {
    fail(5);
    assertThat(circuit.begin()).isTrue();
    assertThat(circuit.isProbing()).isTrue();
    assertThat(circuit.failed(failure, true, AFTER)).as("told before").isNull();
    assertThat(circuit.refusal(AFTER)).isNotNull();

    assertThat(circuit.begin()).isTrue();
    assertThat(circuit.answered(true)).isTrue();
    assertThat(circuit.isProbing()).isFalse();
    assertThat(fail(4)).as("counted anew").isNull();
  }

  @Test
  void whatNeedsAPersonOpensAtOnce() {
    EmbeddingException refused = new EmbeddingException(Reason.AUTHENTICATION, "wrong key");
    assertThat(circuit.needsAPerson(refused, false, 0)).isEqualTo(Duration.ofMinutes(1));
    assertThat(circuit.needsAPerson(refused, false, 0)).as("told once").isNull();
    assertThat(circuit.refusal(0).reason()).isEqualTo(Reason.AUTHENTICATION);
  }
}
