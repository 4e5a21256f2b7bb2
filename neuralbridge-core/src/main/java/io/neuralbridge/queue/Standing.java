package io.neuralbridge.queue;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a queue stands when a claim has locked it.
 *
 * @param now the store's time
 * @param bucketFullAt when the rate's bucket is full again; null if it is
 * @param lastKeys by priority, the key that was served last
 * @param running how many jobs run, by key
 */
public record Standing(
    QueueLimits limits,
    Instant now,
    @Nullable Instant bucketFullAt,
    Map<Integer, String> lastKeys,
    Map<String, Integer> running) {

  /** How many jobs of the queue may begin beside those that run. */
  int free() {
    int runningNow = running.values().stream().mapToInt(Integer::intValue).sum();
    Integer most = limits.maxRunning();
    return most == null ? Integer.MAX_VALUE : most - runningNow;
  }

  /** How many jobs of a key may begin beside those that run. */
  int free(String key) {
    Integer most = limits.maxRunningPerKey();
    return most == null || key.equals(Candidate.NO_KEY) ? Integer.MAX_VALUE : most - runningOf(key);
  }

  int runningOf(String key) {
    return running.getOrDefault(key, 0);
  }

  /** How long it takes to fill the bucket. */
  Duration bucketEmpty() {
    return bucketFullAt == null || bucketFullAt.isBefore(now)
        ? Duration.ZERO
        : Duration.between(now, bucketFullAt);
  }

  /** When the bucket is full again if jobs of this weight in all begin now. */
  public @Nullable Instant bucketFullAfter(long weight) {
    RateLimit rate = limits.rate();
    return rate == null || weight == 0
        ? bucketFullAt
        : now.plus(bucketEmpty()).plus(rate.timeFor(weight));
  }

  /** The same with another rate: as empty as it was, in proportion. */
  public @Nullable Instant bucketFullWith(@Nullable RateLimit other) {
    RateLimit rate = limits.rate();
    if (rate == null || other == null) {
      return null;
    }
    double empty = (double) bucketEmpty().toNanos() / rate.timeFor(rate.burst()).toNanos();
    double depth = other.timeFor(other.burst()).toNanos();
    return now.plusNanos((long) (empty * depth)).truncatedTo(ChronoUnit.MICROS);
  }
}
