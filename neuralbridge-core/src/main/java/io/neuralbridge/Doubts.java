package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Queue;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Outcomes that the store may have taken although it failed, because only its answer got lost: told
 * once more, it refuses them, as their leases are over. For one thread.
 */
final class Doubts {

  private final Queue queue;
  private final Set<Completer.Ended> doubtful = Collections.newSetFromMap(new IdentityHashMap<>());

  Doubts(Queue queue) {
    this.queue = queue;
  }

  void add(Collection<Completer.Ended> failed) {
    doubtful.addAll(failed);
  }

  /**
   * The jobs of a batch whose outcomes are stored.
   *
   * @param accepted those that the store says it took this time
   */
  Set<Long> stored(List<Completer.Ended> batch, Set<Long> accepted) {
    Set<Long> stored = new HashSet<>(accepted);
    batch.stream()
        .filter(ended -> doubtful.contains(ended) && !accepted.contains(ended.lease().job().id()))
        .filter(this::isStored)
        .forEach(ended -> stored.add(ended.lease().job().id()));
    batch.forEach(doubtful::remove);
    return stored;
  }

  // Only its own outcome or a rescue ends a lease, and a rescue counts a crash.
  private boolean isStored(Completer.Ended ended) {
    Job before = ended.lease().job();
    return queue.find(before.id()).filter(now -> now.crashes() == before.crashes()).isPresent();
  }
}
