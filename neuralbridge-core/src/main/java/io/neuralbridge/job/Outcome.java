package io.neuralbridge.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one run of a job ended. A worker returns it; an exception means failure and nothing else. */
public sealed interface Outcome {

  static Outcome completed() {
    return new Completed(null);
  }

  /**
   * Done, with a result that is stored as JSON beside the job.
   *
   * @param result at most 64 KiB of JSON
   */
  static Outcome completed(Object result) {
    return new Completed(result);
  }

  /** Not now: run again after {@code delay}, at most 36,500 days. Costs no attempt. */
  static Outcome snoozed(Duration delay) {
    return new Snoozed(delay);
  }

  /** Never again: the job is given up for a reason that is no failure. */
  static Outcome cancelled(String reason) {
    return new Cancelled(reason);
  }

  /** It failed; the retry policy says whether it runs again. Same as throwing {@code cause}. */
  static Outcome failed(Throwable cause) {
    return new Failed(cause);
  }

  record Completed(@Nullable Object result) implements Outcome {}

  record Snoozed(Duration delay) implements Outcome {
    public Snoozed {
      NewJob.requireDelay("a snooze", delay);
    }
  }

  record Cancelled(String reason) implements Outcome {}

  record Failed(Throwable cause) implements Outcome {}
}
