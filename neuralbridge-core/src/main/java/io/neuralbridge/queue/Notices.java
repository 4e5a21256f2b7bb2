package io.neuralbridge.queue;

import java.util.Map;
import java.util.Set;

/**
 * What a node asks for every second, in one round.
 *
 * @param cancelRequested the jobs that it runs and that a user gave up
 * @param queues all queues about which anything is stored, by name
 */
public record Notices(Set<Long> cancelRequested, Map<String, QueueNotice> queues) {

  public Notices {
    cancelRequested = Set.copyOf(cancelRequested);
    queues = Map.copyOf(queues);
  }
}
