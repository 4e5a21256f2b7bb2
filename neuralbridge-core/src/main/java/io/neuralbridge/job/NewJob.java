package io.neuralbridge.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way into a store.
 *
 * @param delay how long to wait from now, by the store's clock; zero if {@code runAt} is given
 * @param runAt the instant before which it must not run, or null to go by {@code delay}
 */
public record NewJob(JobSpec spec, Duration delay, @Nullable Instant runAt) {

  public NewJob {
    requireWhen(delay, runAt);
  }

  static void requireWhen(Duration delay, @Nullable Instant runAt) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative: " + delay);
    }
    if (runAt != null && !delay.isZero()) {
      throw new IllegalArgumentException(
          "give a delay (%s) or an instant (%s), not both".formatted(delay, runAt));
    }
  }

  /** When it is due if it is inserted at {@code now}. */
  public Instant dueAt(Instant now) {
    return runAt == null ? now.plus(delay) : runAt;
  }
}
