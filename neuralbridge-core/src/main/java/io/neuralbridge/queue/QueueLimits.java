package io.neuralbridge.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one queue on all nodes together, never exceeded, also when nodes die: jobs of a
 * dead node count as running until they are rescued. Defaults: nothing is limited, ageing after 10
 * minutes.
 *
 * <p>Keys take turns whatever the limits: the one that runs least goes first. Lowering a limit ends
 * nothing; what runs is waited for.
 *
 * @param maxRunning how many jobs run at once, 1 to 1,000,000; null for as many as the nodes take
 * @param maxRunningPerKey the same for each {@linkplain io.neuralbridge.job.Share#key key}; null
 *     for no limit. Jobs without a key are not counted
 * @param rate how many may begin in a time; null for no limit
 * @param ageing after how long, each time, a waiting job counts one priority better, so that low
 *     priorities are never starved for ever; 1 s to 366 days, null for never. Where much work waits
 *     for longer than this, priorities count for less: lengthen it there
 */
public record QueueLimits(
    @Nullable Integer maxRunning,
    @Nullable Integer maxRunningPerKey,
    @Nullable RateLimit rate,
    @Nullable Duration ageing) {

  private static final int MOST_RUNNING = 1_000_000;
  private static final Duration SHORTEST_AGEING = Duration.ofSeconds(1);
  private static final Duration LONGEST_AGEING = Duration.ofDays(366);

  /** No limit, and ageing after 10 minutes. */
  public static final QueueLimits NONE = new QueueLimits(null, null, null, Duration.ofMinutes(10));

  public QueueLimits {
    requireOrNull("maxRunning", maxRunning);
    requireOrNull("maxRunningPerKey", maxRunningPerKey);
    if (maxRunning != null && maxRunningPerKey != null && maxRunningPerKey > maxRunning) {
      throw new IllegalArgumentException(
          "maxRunningPerKey (%d) and maxRunning (%d) conflict: one key cannot run more than the whole queue; lower the first or raise the second"
              .formatted(maxRunningPerKey, maxRunning));
    }
    if (ageing != null
        && (ageing.compareTo(SHORTEST_AGEING) < 0 || ageing.compareTo(LONGEST_AGEING) > 0)) {
      throw new IllegalArgumentException(
          "ageing must be 1 s to 366 days, or off by withoutAgeing(): " + ageing);
    }
  }

  private static void requireOrNull(String what, @Nullable Integer value) {
    if (value != null) {
      require(what, value, MOST_RUNNING);
    }
  }

  static void require(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException("%s must be 1 to %,d: %d".formatted(what, most, value));
    }
  }

  /** At most that many jobs of the queue at once, on all nodes together. */
  public QueueLimits withMaxRunning(@Nullable Integer maxRunning) {
    return new QueueLimits(maxRunning, maxRunningPerKey, rate, ageing);
  }

  /** At most that many jobs of each key at once, on all nodes together. */
  public QueueLimits withMaxRunningPerKey(@Nullable Integer maxRunningPerKey) {
    return new QueueLimits(maxRunning, maxRunningPerKey, rate, ageing);
  }

  public QueueLimits withRate(@Nullable RateLimit rate) {
    return new QueueLimits(maxRunning, maxRunningPerKey, rate, ageing);
  }

  public QueueLimits withAgeing(Duration ageing) {
    return new QueueLimits(maxRunning, maxRunningPerKey, rate, ageing);
  }

  /** Priorities are strict: a low one waits for as long as there is a higher one. */
  public QueueLimits withoutAgeing() {
    return new QueueLimits(maxRunning, maxRunningPerKey, rate, null);
  }

  /** Whether any job may have to wait although a node is free for it. */
  public boolean isLimited() {
    return maxRunning != null || maxRunningPerKey != null || rate != null;
  }
}
