package io.neuralbridge.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/**
 * One time every {@code interval}, counted from the beginning of 1970 in UTC. No clock change moves
 * it: it goes by elapsed time.
 *
 * @param interval whole seconds, 1 second to 366 days
 */
public record IntervalSchedule(Duration interval) implements Schedule {

  private static final String PREFIX = "@every";
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  public IntervalSchedule {
    if (interval.compareTo(SHORTEST) < 0
        || interval.compareTo(LONGEST) > 0
        || !interval.equals(interval.truncatedTo(ChronoUnit.SECONDS))) {
      throw new IllegalArgumentException(
          "an interval must be whole seconds, 1 second to 366 days: " + interval);
    }
  }

  static boolean isInterval(String text) {
    return text.strip().startsWith(PREFIX);
  }

  static IntervalSchedule parse(String text) {
    String duration = text.strip().substring(PREFIX.length()).strip();
    try {
      return new IntervalSchedule(Duration.parse(duration));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'%s' has no duration: write it as in '@every PT15M' or '@every PT1H30M'"
              .formatted(text.strip()),
          e);
    }
  }

  @Override
  public String text() {
    return PREFIX + " " + interval;
  }

  @Override
  public ZoneId zone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Instant next(Instant after) {
    long seconds = interval.toSeconds();
    return Instant.ofEpochSecond((Math.floorDiv(after.getEpochSecond(), seconds) + 1) * seconds);
  }

  @Override
  public String toString() {
    return text();
  }
}
