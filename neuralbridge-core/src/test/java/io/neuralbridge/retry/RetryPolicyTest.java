package io.neuralbridge.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void theDefaultsDoubleFromTenSecondsToAnHour() {
    RetryPolicy policy = RetryPolicy.defaults();

    assertThat(policy.delayAfter(1, 0)).isEqualTo(Duration.ofSeconds(10));
    assertThat(policy.delayAfter(2, 0)).isEqualTo(Duration.ofSeconds(20));
    assertThat(policy.delayAfter(100, 0)).isEqualTo(Duration.ofHours(1));
    assertThat(policy.delayAfter(1, 0.5)).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  void aFixedPolicyNeverVaries() {
    assertThat(RetryPolicy.fixed(SECOND).delayAfter(1, 0.9)).isEqualTo(SECOND);
    assertThat(RetryPolicy.fixed(SECOND).delayAfter(100, 0.1)).isEqualTo(SECOND);
  }

  @Test
  void delaysStayWithinTheirBoundsWhateverThePolicy() {
    Random random = new Random(20260301);
    for (int round = 0; round < 10_000; round++) {
      RetryPolicy policy = anyPolicy(random);
      int attempt = 1 + random.nextInt(100);
      double chance = random.nextDouble();

      Duration delay = policy.delayAfter(attempt, chance);

      assertThat(delay).as("%s after %d", policy, attempt).isBetween(Duration.ZERO, policy.cap());
      Duration unjittered = policy.delayAfter(attempt, 0);
      long least = (long) (unjittered.toMillis() * (1 - policy.jitter()));
      assertThat(delay.toMillis()).as("%s after %d", policy, attempt).isGreaterThanOrEqualTo(least);
      if (unjittered.equals(policy.cap())) {
        long floor = (long) (policy.cap().toMillis() * (1 - policy.jitter()));
        assertThat(delay.toMillis()).isGreaterThanOrEqualTo(floor);
      }
    }
  }

  @Test
  void beforeJitterDelaysNeverShrink() {
    Random random = new Random(20260302);
    for (int round = 0; round < 1_000; round++) {
      RetryPolicy policy = anyPolicy(random);
      for (int attempt = 1; attempt < 100; attempt++) {
        assertThat(policy.delayAfter(attempt + 1, 0))
            .as("%s after %d", policy, attempt)
            .isGreaterThanOrEqualTo(policy.delayAfter(attempt, 0));
      }
    }
  }

  private static RetryPolicy anyPolicy(Random random) {
    Duration initial = Duration.ofMillis(random.nextInt(100_000));
    Duration cap = initial.plusMillis(random.nextInt(10_000_000));
    double multiplier =
        random.nextBoolean() ? 1 + random.nextDouble() : 1 + 1e9 * random.nextDouble();
    return new RetryPolicy(initial, multiplier, cap, random.nextDouble(), Set.of());
  }

  @Test
  void subclassesOfANonRetryableExceptionAreNotRetriedEither() {
    RetryPolicy policy = RetryPolicy.defaults().withNonRetryable(IOException.class);

    assertThat(policy.retries(new IOException())).isFalse();
    assertThat(policy.retries(new FileNotFoundException())).isFalse();
    assertThat(policy.retries(new Exception())).isTrue();
  }

  @Test
  void badValuesAreRefusedWithTheReason() {
    RetryPolicy policy = RetryPolicy.defaults();

    assertThatThrownBy(() -> policy.withBackoff(SECOND.negated(), 2, SECOND))
        .hasMessage("initial must not be negative: PT-1S");
    assertThatThrownBy(() -> policy.withBackoff(SECOND, 0.9, SECOND))
        .hasMessage("multiplier must be at least 1: 0.9");
    assertThatThrownBy(() -> policy.withBackoff(SECOND, Double.NaN, SECOND))
        .hasMessage("multiplier must be at least 1: NaN");
    assertThatThrownBy(() -> policy.withBackoff(SECOND, Double.POSITIVE_INFINITY, SECOND))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> policy.withBackoff(SECOND, 2, Duration.ofMillis(999)))
        .hasMessage("cap PT0.999S is shorter than initial PT1S");
    assertThatThrownBy(() -> policy.withBackoff(SECOND, 2, Duration.ofSeconds(Long.MAX_VALUE)))
        .hasMessageContaining("at most 36500 days");
    assertThatThrownBy(() -> policy.withJitter(1.1)).hasMessage("jitter must be 0 to 1: 1.1");
    assertThatThrownBy(() -> policy.withJitter(-0.1)).hasMessage("jitter must be 0 to 1: -0.1");
  }
}
