package io.neuralbridge.queue;

/**
 * What one round of {@link Queue#stage} did.
 *
 * @param moved how many jobs it freed or gave up
 * @param more whether there may be more to do at once
 */
public record Staged(int moved, boolean more) {

  public static final Staged NOTHING = new Staged(0, false);
}
