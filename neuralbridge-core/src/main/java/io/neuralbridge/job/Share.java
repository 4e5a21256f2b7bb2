package io.neuralbridge.job;

import org.jspecify.annotations.Nullable;

/**
 * What a job takes of its queue's limits. Default: no key, weight 1.
 *
 * @param key whose job it is: a tenant, a document, an API account. Keys take turns, so that one
 *     with many jobs does not starve another with one; 1 to 200 characters, or null
 * @param weight how much of the queue's rate it uses up, 1 to 1,000,000: 1 where requests are
 *     counted, the number of tokens where tokens are
 */
public record Share(@Nullable String key, int weight) {

  public static final Share DEFAULT = new Share(null, 1);

  private static final int MAX_KEY = 200;
  private static final int MAX_WEIGHT = 1_000_000;

  public Share {
    if (key != null && (key.isBlank() || key.length() > MAX_KEY)) {
      throw new IllegalArgumentException(
          "a job's key must be 1 to %d characters: '%s'"
              .formatted(MAX_KEY, key.length() > MAX_KEY ? key.substring(0, MAX_KEY) + "…" : key));
    }
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "a job's weight must be 1 to %,d: %d".formatted(MAX_WEIGHT, weight));
    }
  }

  public Share withKey(@Nullable String key) {
    return new Share(key, weight);
  }

  public Share withWeight(int weight) {
    return new Share(key, weight);
  }
}
