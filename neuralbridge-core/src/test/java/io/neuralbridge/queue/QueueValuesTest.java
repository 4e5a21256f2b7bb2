package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueValuesTest {

  @Test
  void limitsThatConflictNameBothSides() {
    assertThatThrownBy(() -> QueueLimits.NONE.withMaxRunning(5).withMaxRunningPerKey(6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxRunningPerKey (6) and maxRunning (5) conflict")
        .hasMessageContaining("lower the first or raise the second");
    assertThat(QueueLimits.NONE.withMaxRunning(5).withMaxRunningPerKey(5).maxRunningPerKey())
        .isEqualTo(5);
  }

  @Test
  void limitsOutOfRangeAreRefusedWithTheValue() {
    assertThatThrownBy(() -> QueueLimits.NONE.withMaxRunning(0))
        .hasMessage("maxRunning must be 1 to 1,000,000: 0");
    assertThatThrownBy(() -> QueueLimits.NONE.withMaxRunningPerKey(1_000_001))
        .hasMessage("maxRunningPerKey must be 1 to 1,000,000: 1000001");
    assertThatThrownBy(() -> QueueLimits.NONE.withAgeing(Duration.ZERO))
        .hasMessageContaining("off by withoutAgeing(): PT0S");
    assertThatThrownBy(() -> RateLimit.perSecond(0)).hasMessageContaining("permits must be 1 to");
    assertThatThrownBy(() -> RateLimit.perMinute(5).withBurst(0))
        .hasMessageContaining("burst must be 1 to");
    assertThatThrownBy(() -> RateLimit.of(1, Duration.ofNanos(5)))
        .hasMessage("a rate's period must be 1 ms to 366 days: PT0.000000005S");
    assertThatThrownBy(() -> QueueSettings.nodeLimit(10_001)).hasMessageContaining("10001");
  }

  @Test
  void nothingIsLimitedByDefaultButPrioritiesAge() {
    assertThat(QueueLimits.NONE.isLimited()).isFalse();
    assertThat(QueueLimits.NONE.ageing()).isEqualTo(Duration.ofMinutes(10));
    assertThat(QueueLimits.NONE.withoutAgeing().isLimited()).isFalse();
    assertThat(QueueLimits.NONE.withRate(RateLimit.perSecond(1)).isLimited()).isTrue();
  }

  @Test
  void aRateWithoutBurstKeepsOnePeriodsPermits() {
    assertThat(RateLimit.perMinute(90)).isEqualTo(new RateLimit(90, Duration.ofMinutes(1), 90));
  }

  @Test
  void theLargestWeightAndTheSlowestRateStillMakeATime() {
    RateLimit slowest = RateLimit.of(1, Duration.ofDays(366));

    assertThat(slowest.timeFor(10_000_000_000L)).isEqualTo(Duration.ofDays(36_500));
  }

  @Test
  void settingsOfANodeWinOverThoseOfTheCluster() {
    QueueSettings node = new QueueSettings(null, true, 3, 5L);
    QueueSettings cluster = new QueueSettings(true, false, null, 6L);

    assertThat(node.orElse(cluster)).isEqualTo(new QueueSettings(true, true, 3, 5L));
    assertThat(node.without(cluster)).isEqualTo(new QueueSettings(null, null, 3, null));
  }
}
