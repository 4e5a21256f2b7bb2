package io.neuralbridge.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job on its way into a store.
 *
 * @param delay how long to wait from now, by the store's clock, at most 36,500 days; zero if {@code
 *     runAt} is given
 * @param runAt the instant before which it must not run, or null to go by {@code delay}
 * @param unique the key that keeps it from being stored twice, or null
 * @param ties what ties it to other jobs
 */
public record NewJob(
    JobSpec spec, Duration delay, @Nullable Instant runAt, @Nullable UniqueKey unique, Ties ties) {

  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  public NewJob {
    requireWhen(delay, runAt);
    if (unique != null && !ties.equals(Ties.NONE)) {
      throw new IllegalArgumentException(
          "a job of kind '%s' is unique and cannot be tied to others, for which an existing job would have to stand in: use request.withoutUnique()"
              .formatted(spec.kind()));
    }
  }

  /** A job of its own, that may be stored any number of times. */
  public NewJob(JobSpec spec, Duration delay, @Nullable Instant runAt) {
    this(spec, delay, runAt, null, Ties.NONE);
  }

  // What no store can add to its clock would fail only there, and take a whole batch with it.
  static void requireDelay(String what, Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be 0 to %d days: %s".formatted(what, LONGEST.toDays(), delay));
    }
  }

  static void requireWhen(Duration delay, @Nullable Instant runAt) {
    requireDelay("delay", delay);
    requireRunAt(runAt);
    if (runAt != null && !delay.isZero()) {
      throw new IllegalArgumentException(
          "give a delay (%s) or an instant (%s), not both".formatted(delay, runAt));
    }
  }

  static void requireRunAt(@Nullable Instant runAt) {
    if (runAt != null && (runAt.isBefore(EARLIEST) || runAt.isAfter(LATEST))) {
      throw new IllegalArgumentException("a job must run between the years 1 and 9999: " + runAt);
    }
  }

  static void requireDeadline(@Nullable Instant deadline) {
    if (deadline != null && (deadline.isBefore(EARLIEST) || deadline.isAfter(LATEST))) {
      throw new IllegalArgumentException(
          "a deadline must be between the years 1 and 9999: " + deadline);
    }
  }

  /** A job that is due at once. */
  public static NewJob of(JobSpec spec) {
    return new NewJob(spec, Duration.ZERO, null);
  }

  /** When it is due if it is inserted at {@code now}. */
  public Instant dueAt(Instant now) {
    return runAt == null ? now.plus(delay) : runAt;
  }

  /**
   * This job with what it takes over from one of the same key that was not stored.
   *
   * @param attempt how many attempts it has had; it keeps one more
   */
  public NewJob replacedBy(NewJob later, int attempt) {
    UniqueKey key = later.unique();
    if (key == null || key.replaced().isEmpty()) {
      return this;
    }
    boolean when = key.replaces(Unique.Field.RUN_AT);
    return new NewJob(
        key.replace(spec, later.spec(), attempt),
        when ? later.delay() : delay,
        when ? later.runAt() : runAt,
        unique,
        ties);
  }
}
