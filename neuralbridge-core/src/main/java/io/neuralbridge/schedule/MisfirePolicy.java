package io.neuralbridge.schedule;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of planned times that nobody was there to fire: all nodes were down, or the database
 * was. Start from one of the constants; every method returns a changed copy.
 *
 * @param startWithin how late a planned time may be fired, in whole milliseconds; older ones get no
 *     job. Null: however late
 * @param limit how many planned times may be made up for at once, the latest ones, 1 to 10,000; 1
 *     unless the rule is {@link Rule#ALL}
 */
public record MisfirePolicy(Rule rule, @Nullable Duration startWithin, int limit) {

  /** Which of the missed times get a job. */
  public enum Rule {
    /** None but the last, and it only if it is hardly late. */
    SKIP,
    /** The last. */
    ONCE,
    /** Each, oldest first. */
    ALL
  }

  // Before the constants, which need them.
  private static final int MAX_LIMIT = 10_000;
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** Nothing is made up for: a time that is more than a minute late gets no job. */
  public static final MisfirePolicy SKIP = new MisfirePolicy(Rule.SKIP, Duration.ofMinutes(1), 1);

  /** One job makes up for all times that were missed, however long ago. The default. */
  public static final MisfirePolicy ONCE = new MisfirePolicy(Rule.ONCE, null, 1);

  /** Each missed time gets its job; the last 100 if there were more. */
  public static final MisfirePolicy ALL = new MisfirePolicy(Rule.ALL, null, 100);

  public MisfirePolicy {
    if (startWithin != null) {
      startWithin = startWithin.truncatedTo(ChronoUnit.MILLIS);
      requireRange(startWithin);
    } else if (rule == Rule.SKIP) {
      throw new IllegalArgumentException(
          "SKIP must know what is too late: give startWithin, or use ONCE");
    }
    requireLimit(rule, limit);
  }

  private static void requireRange(Duration startWithin) {
    if (startWithin.compareTo(Duration.ofSeconds(1)) < 0 || startWithin.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "startWithin must be 1 second to %d days: %s".formatted(LONGEST.toDays(), startWithin));
    }
  }

  private static void requireLimit(Rule rule, int limit) {
    if (rule != Rule.ALL && limit != 1) {
      throw new IllegalArgumentException(
          "%s fires one planned time and cannot have a limit of %d; use ALL"
              .formatted(rule, limit));
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException(
          "a misfire limit must be 1 to %,d: %d".formatted(MAX_LIMIT, limit));
    }
  }

  /** Fires no planned time that is more than {@code late} past, 1 second to 36,500 days. */
  public MisfirePolicy startingWithin(Duration late) {
    return new MisfirePolicy(rule, late, limit);
  }

  /** Makes up for the last {@code limit} planned times at most; {@link #ALL} only. */
  public MisfirePolicy atMost(int limit) {
    return new MisfirePolicy(rule, startWithin, limit);
  }
}
