package io.neuralbridge.queue;

import java.time.Instant;

/**
 * A due job that may begin.
 *
 * @param key its key, or {@link #NO_KEY}: jobs without a key take turns as if they had one
 */
public record Candidate(long id, String key, int weight, Instant runAt) {

  /** Sorts before every key. */
  public static final String NO_KEY = "";
}
