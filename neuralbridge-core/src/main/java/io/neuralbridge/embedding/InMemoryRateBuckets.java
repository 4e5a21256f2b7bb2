package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@link RateBuckets} of one process. */
final class InMemoryRateBuckets implements RateBuckets {

  /** What a bucket holds at a time; negative for what it is owed. */
  private record Level(double requests, double tokens, Instant at, Instant closedUntil) {

    Level at(Instant now, RateLimits limits) {
      double seconds = Math.max(0, Duration.between(at, now).toNanos() / 1e9);
      return new Level(
          Math.min(limits.requestsAtOnce(), requests + seconds * limits.requestsPerSecond()),
          Math.min(limits.tokensAtOnce(), tokens + seconds * limits.tokensPerSecond()),
          now.isAfter(at) ? now : at,
          closedUntil);
    }

    Level plus(double moreRequests, double moreTokens) {
      return new Level(requests + moreRequests, tokens + moreTokens, at, closedUntil);
    }
  }

  private final InstantSource clock;
  private final Map<String, Level> levels = new HashMap<>();

  InMemoryRateBuckets(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Take take(
      String bucket, RateLimits limits, double requests, double tokens, Duration mostWait) {
    Level level = change(bucket, limits, before -> before);
    Duration closed = Duration.between(clock.instant(), level.closedUntil());
    Duration owed = limits.untilCovered(level.requests(), level.tokens());
    Duration wait = closed.compareTo(owed) > 0 ? closed : owed;
    if (wait.compareTo(mostWait) > 0) {
      return new Take(false, wait);
    }
    change(bucket, limits, before -> before.plus(-requests, -tokens));
    return new Take(true, wait);
  }

  @Override
  public synchronized void giveBack(
      String bucket, RateLimits limits, double requests, double tokens) {
    change(bucket, limits, before -> before.plus(requests, tokens).at(before.at(), limits));
  }

  @Override
  public synchronized void lower(String bucket, RateLimits limits, double requests, double tokens) {
    change(
        bucket,
        limits,
        before ->
            new Level(
                Math.min(before.requests(), requests),
                Math.min(before.tokens(), tokens),
                before.at(),
                before.closedUntil()));
  }

  @Override
  public synchronized void close(String bucket, RateLimits limits, Duration wait) {
    Instant until = clock.instant().plus(wait);
    change(
        bucket,
        limits,
        before ->
            new Level(
                before.requests(),
                before.tokens(),
                before.at(),
                until.isAfter(before.closedUntil()) ? until : before.closedUntil()));
  }

  private Level change(String bucket, RateLimits limits, UnaryOperator<Level> change) {
    Instant now = clock.instant();
    Level full = new Level(limits.requestsAtOnce(), limits.tokensAtOnce(), now, Instant.EPOCH);
    Level level = change.apply(levels.getOrDefault(bucket, full).at(now, limits));
    levels.put(bucket, level);
    return level;
  }
}
