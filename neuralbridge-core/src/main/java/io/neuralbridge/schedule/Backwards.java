package io.neuralbridge.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Looks back in a schedule by looking forward from earlier points, so that past and future follow
 * one rule. Halves the span in which it looks: a few dozen looks find the last time of a year,
 * whether it has one or one a second.
 */
final class Backwards {

  // A weekday that falls on 29 February comes again within 40 years, and the span looked at
  // doubles.
  private static final Duration FARTHEST = Duration.ofDays(200 * 366L);

  private Backwards() {}

  static Instant previous(Schedule schedule, Instant before) {
    Instant until = before.minusNanos(1);
    for (Duration back = Duration.ofSeconds(1);
        back.compareTo(FARTHEST) < 0;
        back = back.multipliedBy(2)) {
      List<Instant> found = last(schedule, until.minus(back), until, 1);
      if (!found.isEmpty()) {
        return found.get(0);
      }
    }
    throw new IllegalArgumentException("%s has no time before %s".formatted(schedule, before));
  }

  /** The last {@code limit} times after {@code after} and not after {@code until}, in order. */
  static List<Instant> last(Schedule schedule, Instant after, Instant until, int limit) {
    Deque<Instant> found = new ArrayDeque<>();
    collect(schedule, after, until, limit, found);
    return List.copyOf(found);
  }

  private static void collect(
      Schedule schedule, Instant after, Instant until, int limit, Deque<Instant> found) {
    if (found.size() == limit) {
      return;
    }
    Instant first = schedule.next(after);
    if (first.isAfter(until)) {
      return;
    }
    Instant middle = first.plus(Duration.between(first, until).dividedBy(2));
    collect(schedule, middle, until, limit, found);
    collect(schedule, first, middle, limit, found);
    if (found.size() < limit) {
      found.addFirst(first);
    }
  }
}
