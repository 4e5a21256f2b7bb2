package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.worker.ChunkLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Runs due jobs one after the other in the caller's thread, by the engine's own steps. Those of
 * chunk workers run together when there are enough, or when nothing else is due.
 */
final class Drain {

  private static final Duration LEASE = Duration.ofDays(1);
  private static final int STAGED_AT_ONCE = 1_000;
  private static final int MOST_RUNS = 10_000;
  private static final long START = 0;

  private final Queue queue;
  private final Kinds kinds;
  private final Executor executor;
  private final Completer completer;
  private final ToLongFunction<String> memory;
  private final Map<String, Gatherer> gatherers = new HashMap<>();
  private final List<Job> ran = new ArrayList<>();

  /**
   * @param memory how many bytes a chunk of a queue may need
   */
  Drain(
      Queue queue,
      Kinds kinds,
      Executor executor,
      Completer completer,
      ToLongFunction<String> memory) {
    this.queue = queue;
    this.kinds = kinds;
    this.executor = executor;
    this.completer = completer;
    this.memory = memory;
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
      try {
        handBackGathered();
      } finally {
        queue.leave(node);
      }
    }
  }

  private void handBackGathered() {
    for (Gatherer gatherer : gatherers.values()) {
      gatherer.close().forEach(chunk -> executor.handBack(chunk.leases()));
    }
    completer.writeNow();
  }

  private boolean runNext(Collection<String> queues, long node) {
    boolean more;
    do {
      more = queue.stage(STAGED_AT_ONCE).more();
    } while (more);
    return queues.stream().anyMatch(name -> runNext(name, node));
  }

  private boolean runNext(String name, long node) {
    Gatherer gatherer = gatherers.computeIfAbsent(name, queue -> new Gatherer());
    List<Lease> leases = queue.claim(new Claim(name, node, 1));
    leases.forEach(lease -> take(lease, gatherer));
    // No time passes here: a chunk is full, or nothing else is due.
    List<Unit> chunks = leases.isEmpty() ? gatherer.takeAll() : gatherer.takeFull();
    chunks.forEach(chunk -> run(chunk.leases()));
    return !leases.isEmpty() || !chunks.isEmpty();
  }

  private void take(Lease lease, Gatherer gatherer) {
    executor.hold(lease);
    Job job = lease.job();
    ChunkLimits limits = kinds.chunkLimits(job);
    if (limits == null) {
      run(List.of(lease));
      return;
    }
    gatherer.add(
        lease,
        kinds.together(job),
        limits,
        kinds.bytes(job),
        memory.applyAsLong(job.queue()),
        START);
  }

  private void run(List<Lease> leases) {
    executor.start(leases, Runnable::run, () -> {});
    completer.writeNow();
    leases.forEach(lease -> queue.find(lease.job().id()).ifPresent(ran::add));
  }
}
