package io.neuralbridge.queue;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How much of a queue may begin in a time, on all nodes together: a bucket that is refilled
 * steadily and holds {@code burst} permits at most. A job takes as many as it {@linkplain
 * io.neuralbridge.job.Share#weight weighs} when it begins; one that weighs more than the burst
 * waits for a full bucket and leaves a debt behind.
 *
 * @param permits how many are added in each period, 1 to 1,000,000,000
 * @param period 1 ms to 366 days
 * @param burst how many unused ones are kept, 1 to 1,000,000,000
 */
public record RateLimit(int permits, Duration period, int burst) {

  private static final int MOST = 1_000_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(366);
  private static final double LONGEST_DEBT_MICROS = 36_500 * 86_400e6;

  public RateLimit {
    QueueLimits.require("a rate's permits", permits, MOST);
    QueueLimits.require("a rate's burst", burst, MOST);
    if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a rate's period must be 1 ms to 366 days: " + period);
    }
  }

  /** That many in each period, and a burst of as many. */
  public static RateLimit of(int permits, Duration period) {
    return new RateLimit(permits, period, permits);
  }

  public static RateLimit perSecond(int permits) {
    return of(permits, Duration.ofSeconds(1));
  }

  public static RateLimit perMinute(int permits) {
    return of(permits, Duration.ofMinutes(1));
  }

  /** The same, with another burst; 1 spreads the jobs evenly. */
  public RateLimit withBurst(int burst) {
    return new RateLimit(permits, period, burst);
  }

  /** How long it takes to add {@code weight} permits; rounded up, so that it is never exceeded. */
  Duration timeFor(long weight) {
    double micros = Math.ceil((double) weight * (period.toNanos() / 1_000.0) / permits);
    return Duration.of((long) Math.min(micros, LONGEST_DEBT_MICROS), ChronoUnit.MICROS);
  }
}
