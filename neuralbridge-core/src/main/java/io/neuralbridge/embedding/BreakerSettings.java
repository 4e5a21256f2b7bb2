package io.neuralbridge.embedding;

import java.time.Duration;

/**
 * When a provider that fails is left alone. Counted are server errors, time-outs and connections
 * that fail; refusals for its rate or load are not, nor those of texts.
 *
 * @param failuresInARow how many make it open, at least 1
 * @param failureRate which share of the last {@code window} calls makes it open, above 0; more than
 *     1 for none
 * @param window at least 1
 * @param openFor how long until one call is tried again, above zero
 */
public record BreakerSettings(
    int failuresInARow, double failureRate, int window, Duration openFor) {

  /** 5 failures in a row, or half of the last 20 calls; 30 seconds. */
  public static final BreakerSettings DEFAULT =
      new BreakerSettings(5, 0.5, 20, Duration.ofSeconds(30));

  public BreakerSettings {
    if (failuresInARow < 1
        || !(failureRate > 0)
        || window < 1
        || openFor.isNegative()
        || openFor.isZero()) {
      throw new IllegalArgumentException(
          "a breaker needs at least 1 failure in a row, a rate and a time above 0 and a window of at least 1: %d, %s, %s, %d"
              .formatted(failuresInARow, failureRate, openFor, window));
    }
  }
}
