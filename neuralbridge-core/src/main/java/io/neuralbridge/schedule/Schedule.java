package io.neuralbridge.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/**
 * The times at which something recurs: a {@link CronSchedule} or an {@link IntervalSchedule}.
 * Immutable; two are equal if they were written the same.
 */
public sealed interface Schedule permits CronSchedule, IntervalSchedule {

  /**
   * A schedule from its {@link #text}.
   *
   * @param text a cron expression, a macro such as {@code @daily}, or {@code @every} with a
   *     duration, such as {@code @every PT15M}
   * @param zone where the wall clock of a cron expression hangs; of no effect on {@code @every}
   * @throws IllegalArgumentException with the remedy if it is neither
   */
  static Schedule parse(String text, ZoneId zone) {
    return IntervalSchedule.isInterval(text)
        ? IntervalSchedule.parse(text)
        : CronSchedule.parse(text, zone);
  }

  /**
   * One time every {@code interval}, counted from the beginning of 1970 in UTC, so that all nodes
   * agree: every 15 minutes is at :00, :15, :30 and :45.
   *
   * @param interval whole seconds, 1 second to 366 days
   */
  static Schedule every(Duration interval) {
    return new IntervalSchedule(interval);
  }

  /** What {@link #parse} reads. */
  String text();

  /** The zone of the wall clock; UTC for an interval. */
  ZoneId zone();

  /** The first time after {@code after}, in whole seconds. */
  Instant next(Instant after);

  /** The first {@code count} times after {@code after}. */
  default List<Instant> next(Instant after, int count) {
    List<Instant> times = new ArrayList<>(count);
    for (Instant time = after; times.size() < count; ) {
      time = next(time);
      times.add(time);
    }
    return times;
  }

  /** The last time before {@code before}. */
  default Instant previous(Instant before) {
    return Backwards.previous(this, before);
  }
}
