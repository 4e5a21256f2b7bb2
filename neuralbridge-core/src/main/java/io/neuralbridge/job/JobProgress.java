package io.neuralbridge.job;

import java.time.Instant;

/**
 * How far a job is, as its worker last said.
 *
 * @param attempt the attempt that said so; a later one may not have said anything yet
 * @param fraction 0 to 1
 * @param message what it is doing, at most 1,000 characters; the rest is cut off
 * @param at when, by the store's clock
 */
public record JobProgress(int attempt, double fraction, String message, Instant at) {

  private static final int MAX_MESSAGE = 1_000;

  public JobProgress {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException(
          "progress must be 0 (begun) to 1 (done): %s".formatted(fraction));
    }
    message = BoundedText.of(message, MAX_MESSAGE);
  }
}
