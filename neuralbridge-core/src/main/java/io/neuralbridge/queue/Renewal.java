package io.neuralbridge.queue;

import java.util.Set;

/**
 * What a node learns when it renews.
 *
 * @param alive {@code false} if the node was declared dead: its leases are gone and it must join
 *     anew
 * @param cancelRequested the jobs that it runs and that a user gave up
 */
public record Renewal(boolean alive, Set<Long> cancelRequested) {

  public static final Renewal DEAD = new Renewal(false, Set.of());

  public Renewal {
    cancelRequested = Set.copyOf(cancelRequested);
  }
}
