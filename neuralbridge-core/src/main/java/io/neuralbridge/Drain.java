package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Runs due jobs one after the other in the caller's thread, by the engine's own steps. */
final class Drain {

  private static final Duration LEASE = Duration.ofDays(1);
  private static final int STAGED_AT_ONCE = 1_000;
  private static final int MOST_RUNS = 10_000;

  private final Queue queue;
  private final Executor executor;
  private final Completer completer;
  private final List<Job> ran = new ArrayList<>();

  Drain(Queue queue, Executor executor, Completer completer) {
    this.queue = queue;
    this.executor = executor;
    this.completer = completer;
  }

  /** Runs what is due until nothing is, also what the runs themselves enqueue. */
  Drained run(Collection<String> queues) {
    long node = queue.join("drain", LEASE);
    try {
      while (runNext(queues, node)) {
        if (ran.size() >= MOST_RUNS) {
          throw new IllegalStateException(
              "still not drained after %,d runs: does a job snooze, or retry, without a delay?"
                  .formatted(MOST_RUNS));
        }
      }
      return new Drained(ran);
    } finally {
      queue.leave(node);
    }
  }

  private boolean runNext(Collection<String> queues, long node) {
    boolean more;
    do {
      more = queue.stage(STAGED_AT_ONCE).more();
    } while (more);
    return queues.stream().anyMatch(name -> runNext(name, node));
  }

  private boolean runNext(String name, long node) {
    List<Lease> leases = queue.claim(new Claim(name, node, 1));
    for (Lease lease : leases) {
      executor.start(lease, Runnable::run, () -> {});
      completer.writeNow();
      queue.find(lease.job().id()).ifPresent(ran::add);
    }
    return !leases.isEmpty();
  }
}
