package io.neuralbridge.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * A zone's wall clock, which is put forward and leaves a gap, and is put back and passes the same
 * times again. Says at which instants wall-clock times take place, by one of two rules.
 */
record WallClock(ZoneRules rules, CronTimes times) {

  /** Each time once: after a gap if it falls into it, and in the first pass if there are two. */
  Instant nextOnce(Instant after) {
    LocalDateTime match = times.next(behindFirstPass(after));
    ZoneOffsetTransition change = rules.getTransition(match);
    if (change == null) {
      return match.toInstant(rules.getOffset(match));
    }
    return change.isGap() ? change.getInstant() : match.toInstant(change.getOffsetBefore());
  }

  // In the second pass all times of the first have had their turn.
  private LocalDateTime behindFirstPass(Instant after) {
    LocalDateTime local = local(after);
    ZoneOffsetTransition change = rules.getTransition(local);
    boolean secondPass = change != null && change.getOffsetAfter().equals(rules.getOffset(after));
    return secondPass ? change.getDateTimeBefore().minusSeconds(1) : local;
  }

  /** Whenever the clock shows the time: never in a gap, and in both passes. */
  Instant nextShown(Instant after) {
    LocalDateTime from = local(after);
    ZoneOffset offset = rules.getOffset(after);
    ZoneOffsetTransition change = rules.nextTransition(after);
    LocalDateTime match = times.next(from);
    while (change != null && !match.isBefore(change.getDateTimeBefore())) {
      offset = change.getOffsetAfter();
      match = times.next(change.getDateTimeAfter().minusSeconds(1));
      change = rules.nextTransition(change.getInstant());
    }
    return match.toInstant(offset);
  }

  private LocalDateTime local(Instant instant) {
    return LocalDateTime.ofEpochSecond(
        instant.truncatedTo(ChronoUnit.SECONDS).getEpochSecond(), 0, rules.getOffset(instant));
  }
}
