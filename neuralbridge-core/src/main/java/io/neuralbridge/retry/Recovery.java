package io.neuralbridge.retry;

import java.time.Duration;

/** What a {@link RecoveryRule} decides about a failed attempt. */
public sealed interface Recovery {

  /** Run again after {@code delay}; the attempt does not count, so this may go on for ever. */
  static Recovery later(Duration delay) {
    return new Later(delay);
  }

  /** Give the job up, for a reason that is no failure. */
  static Recovery cancel(String reason) {
    return new Cancel(reason);
  }

  /** Give the job up as failed, whatever attempts are left. */
  static Recovery discard() {
    return new Discard();
  }

  /** Do as the worker's {@link RetryPolicy} says, and ask no further rule. */
  static Recovery byPolicy() {
    return new ByPolicy();
  }

  record Later(Duration delay) implements Recovery {
    public Later {
      if (delay.isNegative() || delay.compareTo(RetryPolicy.LONGEST) > 0) {
        throw new IllegalArgumentException(
            "a recovery's delay must be 0 to %d days: %s"
                .formatted(RetryPolicy.LONGEST.toDays(), delay));
      }
    }
  }

  record Cancel(String reason) implements Recovery {}

  record Discard() implements Recovery {}

  record ByPolicy() implements Recovery {}
}
