package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.InstantSource;

/**
 * What may be sent to providers, by all nodes together. This is an SPI. A bucket fills by its
 * {@link RateLimits} and is made when it is first named. It is paid afterwards: who finds nothing
 * owed takes what it needs, however much that is, and who comes next waits until that is covered.
 *
 * <p>Safe for use by many threads and processes at once. What cannot be asked throws; the pipeline
 * then goes on without, and learns from the provider's refusals.
 */
public interface RateBuckets {

  /**
   * The answer to {@link #take}.
   *
   * @param taken whether it is the caller's; if not, nothing has changed
   * @param delay until it may be used, or if it was not taken, until it is worth to ask again; not
   *     negative
   */
  record Take(boolean taken, Duration delay) {}

  /**
   * Takes requests and tokens, now or a moment ahead of their time.
   *
   * @param requests at least 0
   * @param tokens at least 0
   * @param mostWait how long the caller would wait for them
   */
  Take take(String bucket, RateLimits limits, double requests, double tokens, Duration mostWait);

  /**
   * Gives back what was taken and is not used, or with negative numbers, takes what was used beyond
   * that. A bucket never holds more than when it is full.
   */
  void giveBack(String bucket, RateLimits limits, double requests, double tokens);

  /** Lowers what a bucket believes to have to what the provider says; never raises it. */
  void lower(String bucket, RateLimits limits, double requests, double tokens);

  /** Nothing is taken from the bucket for so long, or until a later time that was set before. */
  void close(String bucket, RateLimits limits, Duration wait);

  /** Buckets of this process alone. */
  static RateBuckets inMemory(InstantSource clock) {
    return new InMemoryRateBuckets(clock);
  }
}
