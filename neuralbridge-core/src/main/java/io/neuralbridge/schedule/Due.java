package io.neuralbridge.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a due entry gets at one moment, by its policies: the same in every store. For stores.
 *
 * @param planned the planned times that get a job, in order
 * @param nextAt the planned time after this moment
 * @param remark for the log, if planned times go without a job; else null
 */
public record Due(List<Instant> planned, Instant nextAt, @Nullable String remark) {

  public Due {
    planned = List.copyOf(planned);
  }

  /**
   * What {@code entry} gets at {@code now}, if its previous jobs are final.
   *
   * @param entry one that is not paused, and whose time has come
   */
  public static Due of(ScheduleEntry entry, Instant now) {
    Instant first = entry.nextAt();
    if (first == null || first.isAfter(now)) {
      throw new IllegalArgumentException(
          "entry '%s' is not due at %s but at %s".formatted(entry.name(), now, first));
    }
    Schedule schedule = entry.recurring().schedule();
    MisfirePolicy misfire = entry.recurring().misfire();
    List<Instant> planned = planned(schedule, misfire, first, now);
    boolean complete = !planned.isEmpty() && planned.get(0).equals(first);
    return new Due(
        planned, schedule.next(now), complete ? null : remark(planned, misfire, first, now));
  }

  private static List<Instant> planned(
      Schedule schedule, MisfirePolicy misfire, Instant first, Instant now) {
    Instant earliest = earliest(misfire.startWithin(), first, now);
    if (schedule.next(first).isAfter(now)) {
      return first.isBefore(earliest) ? List.of() : List.of(first);
    }
    return Backwards.last(schedule, earliest.minusNanos(1), now, misfire.limit());
  }

  private static Instant earliest(@Nullable Duration startWithin, Instant first, Instant now) {
    if (startWithin == null || first.isAfter(now.minus(startWithin))) {
      return first;
    }
    return now.minus(startWithin);
  }

  private static String remark(
      List<Instant> planned, MisfirePolicy misfire, Instant first, Instant now) {
    return "was due at %s and is seen to at %s: of the times it missed %s by its policy %s"
        .formatted(
            first,
            now,
            planned.isEmpty()
                ? "none gets a job"
                : "%d from %s on get a job".formatted(planned.size(), planned.get(0)),
            misfire.rule());
  }

  /** The same without jobs, because the entry's previous one is not final. */
  public Due withheld() {
    String why = "gets no job for %s: its previous one is not final".formatted(planned);
    return new Due(List.of(), nextAt, planned.isEmpty() ? remark : why);
  }
}
