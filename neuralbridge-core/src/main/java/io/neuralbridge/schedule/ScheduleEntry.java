package io.neuralbridge.schedule;

import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A recurring job in a store, as it stood when it was read. Its methods are what can happen to one;
 * stores call them.
 *
 * @param code what the code last declared of it; null if it was created at run time
 * @param nextAt the planned time that is fired next; null while it is paused
 * @param lastAt the last planned time that got a job; null before the first
 * @param lastJobId the job that it got
 * @param manualJobId the job of the last {@link Scheduler#runNow}, null if there was none
 */
public record ScheduleEntry(
    Recurring recurring,
    @Nullable Fingerprint code,
    @Nullable Instant nextAt,
    @Nullable Instant lastAt,
    @Nullable Long lastJobId,
    @Nullable Long manualJobId) {

  /** Where an entry comes from. */
  public enum Origin {
    /** {@linkplain Scheduler#declare Declared} by the application's code. */
    CODE,
    /** Created while the application ran. */
    RUN_TIME
  }

  public String name() {
    return recurring.name();
  }

  public Origin origin() {
    return code == null ? Origin.RUN_TIME : Origin.CODE;
  }

  public boolean paused() {
    return nextAt == null;
  }

  /** A new entry that was created at run time. */
  public static ScheduleEntry created(Recurring recurring, Instant now) {
    return new ScheduleEntry(recurring, null, recurring.schedule().next(now), null, null, null);
  }

  /** A new entry of the code's. */
  public static ScheduleEntry declared(Recurring recurring, Instant now) {
    return created(recurring, now).withCode(Fingerprint.of(recurring));
  }

  /**
   * Declared again: what the code has changed since the last time is taken over, and what an
   * operator changed is kept.
   */
  public ScheduleEntry declaredAgain(Recurring declared, Instant now) {
    Recurring merged = code == null ? declared : code.merge(recurring, declared);
    return redefined(merged, now).withCode(Fingerprint.of(declared));
  }

  /** With another definition; a changed schedule starts anew, without what was due until now. */
  public ScheduleEntry redefined(Recurring changed, Instant now) {
    boolean restart = nextAt != null && !changed.schedule().equals(recurring.schedule());
    Instant next = restart ? changed.schedule().next(now) : nextAt;
    return new ScheduleEntry(changed, code, next, lastAt, lastJobId, manualJobId);
  }

  /**
   * Edited by an operator.
   *
   * @throws IllegalArgumentException if {@code change} renames it
   */
  public ScheduleEntry edited(UnaryOperator<Recurring> change, Instant now) {
    Recurring changed = change.apply(recurring);
    if (!changed.name().equals(name())) {
      throw new IllegalArgumentException(
          "entry '%s' cannot be renamed to '%s': create that one and delete this"
              .formatted(name(), changed.name()));
    }
    return redefined(changed, now);
  }

  private ScheduleEntry withCode(Fingerprint fingerprint) {
    return new ScheduleEntry(recurring, fingerprint, nextAt, lastAt, lastJobId, manualJobId);
  }

  /** Paused: nothing is planned any more. */
  public ScheduleEntry pausedNow() {
    return withNextAt(null);
  }

  /** Resumed, without what would have been planned meanwhile; unchanged if it is not paused. */
  public ScheduleEntry resumed(Instant now) {
    return nextAt == null ? withNextAt(recurring.schedule().next(now)) : this;
  }

  /** Gone on to the next planned time without a job. */
  public ScheduleEntry withNextAt(@Nullable Instant next) {
    return new ScheduleEntry(recurring, code, next, lastAt, lastJobId, manualJobId);
  }

  /** With the job that its latest planned time got. */
  public ScheduleEntry withLastJob(Instant planned, long jobId) {
    return new ScheduleEntry(recurring, code, nextAt, planned, jobId, manualJobId);
  }

  /** With the job that was run by hand. */
  public ScheduleEntry withManualJob(long jobId) {
    return new ScheduleEntry(recurring, code, nextAt, lastAt, lastJobId, jobId);
  }
}
