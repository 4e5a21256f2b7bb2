package io.neuralbridge.embedding;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a provider allows a minute. A bucket of it holds what a second brings, so in any minute no
 * more is used than this, what a second brings, and the last thing that was begun before.
 *
 * @param requestsPerMinute at least 1; null if it is not limited, or not known
 * @param tokensPerMinute at least 1; null if it is not limited, or not known
 */
public record RateLimits(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute) {

  /** Nothing is known. */
  public static final RateLimits NONE = new RateLimits(null, null);

  /** A number a second that nothing reaches, where there is no limit. */
  private static final double UNLIMITED = 1e12;

  public RateLimits {
    requireOne("requestsPerMinute", requestsPerMinute);
    requireOne("tokensPerMinute", tokensPerMinute);
  }

  private static void requireOne(String name, @Nullable Long limit) {
    if (limit != null && limit < 1) {
      throw new IllegalArgumentException(
          "%s must be at least 1: %d; pause the pipeline to send nothing, use null for no limit"
              .formatted(name, limit));
    }
  }

  boolean isNone() {
    return requestsPerMinute == null && tokensPerMinute == null;
  }

  /** How many requests a second brings; a huge number if they are not limited. */
  public double requestsPerSecond() {
    return perSecond(requestsPerMinute);
  }

  /** How many tokens a second brings; a huge number if they are not limited. */
  public double tokensPerSecond() {
    return perSecond(tokensPerMinute);
  }

  /** How many requests a full bucket holds: what a second brings, at least 1. */
  public double requestsAtOnce() {
    return Math.max(1, requestsPerSecond());
  }

  /** How many tokens a full bucket holds: what a second brings, at least 1. */
  public double tokensAtOnce() {
    return Math.max(1, tokensPerSecond());
  }

  /**
   * How long until nothing is owed.
   *
   * @param requests what a bucket holds, negative for what it is owed
   * @param tokens the same of tokens
   */
  public Duration untilCovered(double requests, double tokens) {
    double seconds = Math.max(-requests / requestsPerSecond(), -tokens / tokensPerSecond());
    return seconds <= 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(seconds * 1e9));
  }

  private static double perSecond(@Nullable Long perMinute) {
    return perMinute == null ? UNLIMITED : perMinute / 60.0;
  }
}
