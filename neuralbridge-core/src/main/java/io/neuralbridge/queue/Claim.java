package io.neuralbridge.queue;

/**
 * A node's wish for work.
 *
 * @param node the id that {@link Queue#join} gave
 * @param limit how many jobs at most, at least 1
 */
public record Claim(String queue, long node, int limit) {

  public Claim {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1: " + limit);
    }
  }
}
