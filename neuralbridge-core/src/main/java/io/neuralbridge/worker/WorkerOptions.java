package io.neuralbridge.worker;

import io.neuralbridge.retry.RetryPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a worker's jobs are run. Defaults: {@link RetryPolicy#defaults()}, no timeout.
 *
 * @param retryPolicy when a failed attempt is followed by another
 * @param timeout how long one run may take before it is interrupted and fails with {@link
 *     JobTimeoutException}, at most 36,500 days; null for as long as it likes
 */
public record WorkerOptions(RetryPolicy retryPolicy, @Nullable Duration timeout) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  public WorkerOptions {
    if (timeout != null
        && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0)) {
      throw new IllegalArgumentException(
          "a timeout must be positive and at most %d days: %s; leave it out for none"
              .formatted(LONGEST.toDays(), timeout));
    }
  }

  public static WorkerOptions defaults() {
    return new WorkerOptions(RetryPolicy.defaults(), null);
  }

  public WorkerOptions withRetryPolicy(RetryPolicy retryPolicy) {
    return new WorkerOptions(retryPolicy, timeout);
  }

  /**
   * Interrupts each run that takes longer. A worker that ignores the interrupt keeps its thread,
   * but neither its job nor its slot.
   */
  public WorkerOptions withTimeout(Duration timeout) {
    return new WorkerOptions(retryPolicy, timeout);
  }
}
