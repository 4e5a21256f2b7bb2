package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.testing.VirtualClock;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** Bridges on one in-memory store with a virtual clock, closed after each test. */
abstract class EngineTestBase {

  static final Duration NEVER = Duration.ofHours(1);

  /** Moving the store's clock beyond it would make every node a dead one. */
  private static final Duration LONGER_THAN_ANY_ADVANCE = Duration.ofDays(1);

  final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  final FlakyQueue store = new FlakyQueue(new InMemoryQueue(clock));
  final Signals signals = new Signals();
  private final List<NeuralBridge> bridges = new ArrayList<>();

  Builder builder(Worker<?>... workers) {
    return builder(store, workers);
  }

  Builder builder(Queue queue, Worker<?>... workers) {
    Builder builder =
        NeuralBridge.builder()
            .store(queue)
            .pollInterval(Duration.ofMillis(5))
            .noticeInterval(Duration.ofMillis(10))
            .lifeline(LONGER_THAN_ANY_ADVANCE)
            .heartbeat(Duration.ofMillis(10), LONGER_THAN_ANY_ADVANCE)
            .shutdownGrace(Signals.PATIENCE)
            .listener(signals);
    List.of(workers).forEach(builder::worker);
    return builder;
  }

  NeuralBridge start(Worker<?>... workers) {
    return start(builder(workers));
  }

  NeuralBridge start(Builder builder) {
    NeuralBridge bridge = builder.build();
    bridges.add(bridge);
    return bridge.start();
  }

  Job find(Job job) {
    return store.find(job.id()).orElseThrow();
  }

  JobState stateOf(Job job) {
    return find(job).state();
  }

  @AfterEach
  void closeBridges() {
    store.comeBack();
    store.refusedOutcomes.clear();
    bridges.forEach(NeuralBridge::close);
  }
}
