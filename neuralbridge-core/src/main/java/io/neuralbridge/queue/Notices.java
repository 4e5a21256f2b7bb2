package io.neuralbridge.queue;

import java.util.Map;
import java.util.Set;

/**
 * What a node asks for every second, in one round.
 *
 * @param alive {@code false} if the node was declared dead; then nothing else is told
 * @param cancelRequested the jobs that it runs and that a user gave up
 * @param queues all queues about which anything is stored, by name
 */
public record Notices(boolean alive, Set<Long> cancelRequested, Map<String, QueueNotice> queues) {

  public static final Notices DEAD = new Notices(false, Set.of(), Map.of());

  public Notices {
    cancelRequested = Set.copyOf(cancelRequested);
    queues = Map.copyOf(queues);
  }
}
