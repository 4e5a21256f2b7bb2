package io.neuralbridge.retry;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * When a failed attempt is followed by another. How many attempts there are is the job's own
 * affair.
 *
 * <p>Defaults: 10 s after the first failure, doubling, at most 1 h, up to a fifth less at random,
 * and every exception is worth a retry.
 *
 * @param initial the wait after the first failure
 * @param multiplier what each further wait is multiplied by, at least 1
 * @param cap the longest wait, at least {@code initial}, at most 36,500 days
 * @param jitter the share of a wait that chance may take off, 0 to 1; spreads retries that would
 *     come at once
 * @param nonRetryable exceptions, subclasses included, that end the job at once
 */
public record RetryPolicy(
    Duration initial,
    double multiplier,
    Duration cap,
    double jitter,
    Set<Class<? extends Throwable>> nonRetryable) {

  static final Duration LONGEST = Duration.ofDays(36_500);

  public RetryPolicy {
    if (initial.isNegative()) {
      throw new IllegalArgumentException("initial must not be negative: " + initial);
    }
    if (!(multiplier >= 1) || Double.isInfinite(multiplier)) {
      throw new IllegalArgumentException("multiplier must be at least 1: " + multiplier);
    }
    if (cap.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "cap %s is shorter than initial %s".formatted(cap, initial));
    }
    if (cap.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "cap must be at most %d days: %s".formatted(LONGEST.toDays(), cap));
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be 0 to 1: " + jitter);
    }
    nonRetryable = Set.copyOf(nonRetryable);
  }

  public static RetryPolicy defaults() {
    return new RetryPolicy(Duration.ofSeconds(10), 2, Duration.ofHours(1), 0.2, Set.of());
  }

  /** Always the same wait, without jitter. */
  public static RetryPolicy fixed(Duration delay) {
    return new RetryPolicy(delay, 1, delay, 0, Set.of());
  }

  public RetryPolicy withBackoff(Duration initial, double multiplier, Duration cap) {
    return new RetryPolicy(initial, multiplier, cap, jitter, nonRetryable);
  }

  public RetryPolicy withJitter(double jitter) {
    return new RetryPolicy(initial, multiplier, cap, jitter, nonRetryable);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  public final RetryPolicy withNonRetryable(Class<? extends Throwable>... types) {
    return new RetryPolicy(initial, multiplier, cap, jitter, Set.copyOf(List.of(types)));
  }

  /**
   * The wait after a failure: {@code min(cap, initial × multiplier^(attempt−1)) × (1 − jitter ×
   * random)}.
   *
   * @param attempt the attempt that failed, from 1
   * @param random 0 inclusive to 1 exclusive
   */
  public Duration delayAfter(int attempt, double random) {
    double grown = initial.toMillis() * Math.pow(multiplier, attempt - 1.0);
    double capped = Math.min((double) cap.toMillis(), grown);
    return Duration.ofMillis((long) (capped * (1 - jitter * random)));
  }

  /** Whether a failure with this cause may be followed by another attempt. */
  public boolean retries(Throwable cause) {
    return nonRetryable.stream().noneMatch(type -> type.isInstance(cause));
  }
}
