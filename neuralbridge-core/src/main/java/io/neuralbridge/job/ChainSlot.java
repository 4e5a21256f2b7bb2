package io.neuralbridge.job;

/**
 * A job's place in a chain: it runs when the one that was inserted before it with the same key is
 * final.
 *
 * @param key names the chain, 1 to 200 characters
 * @param onFailure what happens if the job before it is cancelled or discarded while this one
 *     waits. A job that is inserted later waits for a failed one only with {@link
 *     FailurePolicy#HOLD}
 */
public record ChainSlot(String key, FailurePolicy onFailure) {

  private static final int MAX_KEY = 200;

  public ChainSlot {
    if (key.isBlank() || key.length() > MAX_KEY) {
      throw new IllegalArgumentException(
          "a chain's key must be 1 to %d characters and not blank: '%s'"
              .formatted(MAX_KEY, key.length() > MAX_KEY ? key.substring(0, MAX_KEY) + "…" : key));
    }
  }
}
