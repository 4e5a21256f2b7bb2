package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Queues whose running jobs must fit into a memory budget. */
class MemoryTest extends EngineTestBase {

  private static final long MB = 1_000_000;

  private final Semaphore ends = new Semaphore(0);
  private final AtomicLong inFlight = new AtomicLong();
  private final AtomicLong most = new AtomicLong();
  private final AtomicInteger running = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();

  private static long byArgs(Job job) {
    return Long.parseLong(job.spec().args().replaceAll("\\D", "")) * MB;
  }

  /** Jobs that run until one may end. */
  private TestWorker<String> worker(ToLongFunction<Job> memory) {
    WorkerOptions options =
        WorkerOptions.defaults()
            .withRetryPolicy(RetryPolicy.fixed(Duration.ZERO))
            .withMemory(memory);
    return new TestWorker<>(
        TYPE,
        options,
        c -> {
          long bytes = memory.applyAsLong(c.job());
          most.accumulateAndGet(inFlight.addAndGet(bytes), Math::max);
          begun.add(c.args());
          running.incrementAndGet();
          try {
            ends.acquire();
          } finally {
            running.decrementAndGet();
            inFlight.addAndGet(-bytes);
          }
          return Outcome.completed();
        });
  }

  private NeuralBridge start(int limit, long bytes, ToLongFunction<Job> memory) {
    return start(
        builder(worker(memory)).queue("default", QueueOptions.waiting(limit).withMemory(bytes)));
  }

  private List<Job> enqueue(NeuralBridge bridge, int count, String megabytes) {
    return bridge.enqueueAll(
        IntStream.range(0, count).mapToObj(i -> TYPE.request(megabytes)).toList());
  }

  private void untilRunning(int count) {
    Signals.until(() -> running.get() == count);
  }

  @Test
  void aLimitOfFiftyWithFiftyMegabytesAJobAndABudgetOfTwoHundredRunsFourAtOnce() {
    NeuralBridge bridge = start(50, 200 * MB, MemoryTest::byArgs);
    enqueue(bridge, 120, "50");

    untilRunning(4);
    for (int i = 0; i < 29; i++) {
      ends.release(4);
      int ended = 4 * (i + 1);
      Signals.until(() -> begun.size() == ended + 4);
    }
    ends.release(4);
    signals.settledAll(120);

    assertThat(most.get()).isEqualTo(200 * MB);
    assertThat(store.counts().get(JobState.COMPLETED)).isEqualTo(120);
  }

  @Test
  void whatWaitsForMemoryIsLeftToOtherNodes() {
    NeuralBridge bridge = start(50, 200 * MB, MemoryTest::byArgs);
    enqueue(bridge, 60, "50");
    untilRunning(4);
    long claims = claims();

    ends.release(1);
    Signals.until(() -> begun.size() == 5);
    untilRunning(4);

    assertThat(store.counts().get(JobState.EXECUTING)).as("leases").isLessThanOrEqualTo(5);
    assertThat(claims() - claims)
        .as("claims from one end to the next begin")
        .isLessThanOrEqualTo(2);
    ends.release(60);
  }

  private long claims() {
    return store.claimedQueues.stream().filter("default"::equals).count();
  }

  @Test
  void aJobThatNeedsMoreThanTheBudgetRunsAlone() {
    NeuralBridge bridge = start(10, 100 * MB, MemoryTest::byArgs);
    enqueue(bridge, 2, "40");
    untilRunning(2);
    Job large = bridge.enqueue(TYPE.request("500"));
    Job later = bridge.enqueue(TYPE.request("30"));

    ends.release(1);
    Signals.until(() -> stateOf(large) == JobState.EXECUTING);
    assertThat(begun).as("it waits for the other one").containsExactly("40", "40");
    assertThat(stateOf(later)).as("it is not overtaken").isEqualTo(JobState.AVAILABLE);
    ends.release(1);
    Signals.until(() -> begun.size() == 3);
    assertThat(begun).contains("500");
    assertThat(inFlight).hasValue(500 * MB);

    ends.release(2);
    signals.settled(large);
    signals.settled(later);
  }

  @Test
  void theBudgetIsChangedWhileJobsRun() {
    NeuralBridge bridge = start(50, 100 * MB, MemoryTest::byArgs);
    enqueue(bridge, 20, "50");
    untilRunning(2);

    bridge.queues().memory("default", 300 * MB);
    untilRunning(6);

    bridge.queues().onThisNode().memory("default", 50 * MB);
    bridge.queues().onThisNode().scale("default", 49);
    untilTheNodeFollows(bridge, 49);
    ends.release(5);
    untilRunning(1);
    ends.release(1);
    Signals.until(() -> begun.size() == 7);
    untilRunning(1);

    bridge.queues().reset("default");
    untilRunning(2);
    ends.release(20);
    signals.settledAll(20);
  }

  private static void untilTheNodeFollows(NeuralBridge bridge, int limit) {
    Signals.until(
        () ->
            bridge.queues().status().stream()
                .flatMap(queue -> queue.nodes().values().stream())
                .anyMatch(node -> Integer.valueOf(limit).equals(node.limit())));
  }

  @Test
  void aJobThatIsCancelledWhileItWaitsForMemoryNeedNotWait() {
    NeuralBridge bridge = start(10, 100 * MB, MemoryTest::byArgs);
    enqueue(bridge, 1, "40");
    untilRunning(1);
    Job waits = bridge.enqueue(TYPE.request("90"));
    Signals.until(() -> stateOf(waits) == JobState.EXECUTING);

    bridge.cancel(waits.id());

    assertThat(signals.settled(waits).state()).isEqualTo(JobState.CANCELLED);
    assertThat(begun).containsExactly("40");
    ends.release(1);
  }

  @Test
  void aJobWhoseEstimateFailsRunsAlone() {
    AtomicInteger estimates = new AtomicInteger();
    NeuralBridge bridge =
        start(
            builder(
                    new TestWorker<>(
                        TYPE,
                        WorkerOptions.defaults()
                            .withMemory(
                                job -> {
                                  estimates.incrementAndGet();
                                  throw new IllegalStateException("no idea");
                                }),
                        c -> {
                          most.accumulateAndGet(running.incrementAndGet(), Math::max);
                          ends.acquire();
                          running.decrementAndGet();
                          return Outcome.completed();
                        }))
                .queue("default", QueueOptions.waiting(10).withMemory(100 * MB)));

    enqueue(bridge, 5, "1");
    ends.release(5);
    signals.settledAll(5);

    assertThat(most).hasValue(1);
    assertThat(estimates.get()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void withoutEstimatesABudgetChangesNothing() {
    NeuralBridge bridge = start(5, 1, job -> 0);
    enqueue(bridge, 8, "50");

    untilRunning(5);

    ends.release(8);
    signals.settledAll(8);
  }

  @Test
  void aChunkNeedsWhatItsJobsNeed() {
    AtomicLong largest = new AtomicLong();
    WorkerOptions options = WorkerOptions.defaults().withMemory(50 * MB);
    ChunkTestWorker chunks =
        ChunkTestWorker.of(
                100,
                Duration.ZERO,
                contexts -> {
                  long bytes = contexts.size() * 50L * MB;
                  largest.accumulateAndGet(inFlight.addAndGet(bytes), Math::max);
                  ends.acquire();
                  inFlight.addAndGet(-bytes);
                  return ChunkTestWorker.completeAll(contexts);
                })
            .with(options);
    NeuralBridge bridge =
        start(builder(chunks).queue("default", QueueOptions.waiting(50).withMemory(200 * MB)));
    ends.release(1_000);

    bridge.enqueueAll(
        IntStream.range(0, 30).mapToObj(i -> ChunkTestWorker.CHUNKED.request("c" + i)).toList());
    signals.settledAll(30);

    assertThat(largest.get()).isLessThanOrEqualTo(200 * MB);
    assertThat(chunks.calls()).allMatch(call -> call.size() <= 4);
  }

  @Test
  void badBudgetsAreRefusedWithTheReason() {
    assertThatThrownBy(() -> QueueOptions.waiting(5).withMemory(0))
        .hasMessageContaining("a queue's memory must be at least 1 byte: 0");
    assertThatThrownBy(() -> builder().build().queues().memory("default", -1))
        .hasMessageContaining("at least 1 byte: -1");
    assertThatThrownBy(() -> builder().build().queues().memory("defualt", 1))
        .hasMessageContaining("defualt");
    assertThatThrownBy(() -> WorkerOptions.defaults().withMemory(-1))
        .hasMessageContaining("must not be negative: -1 bytes");
  }

  @Test
  void aJobThatIsCancelledWhileItWaitsForMemoryHoldsUpNoOther() {
    NeuralBridge bridge = start(10, 100 * MB, MemoryTest::byArgs);
    enqueue(bridge, 1, "40");
    untilRunning(1);
    Job waits = bridge.enqueue(TYPE.request("90"));
    Signals.until(() -> stateOf(waits) == JobState.EXECUTING);
    Job small = bridge.enqueue(TYPE.request("30"));

    bridge.cancel(waits.id());

    Signals.until(() -> begun.size() == 2);
    assertThat(begun).containsExactly("40", "30");
    ends.release(2);
    signals.settled(small);
  }

  @Test
  void aJobThatWasInACrashKeepsItsTurnWhileItWaitsForMemory() {
    Job large = store.insert(List.of(TYPE.withPriority(2).request("70").toNewJob())).get(0);
    long node = store.join("dies", NEVER);
    store.claim(new Claim("default", node, 1));
    store.leave(node);
    store.rescue(9);
    NeuralBridge client = builder().build();
    client.enqueueAll(IntStream.range(0, 6).mapToObj(i -> TYPE.request("10")).toList());

    start(10, 100 * MB, MemoryTest::byArgs);
    untilRunning(6);
    Signals.until(() -> stateOf(large) == JobState.EXECUTING);
    ends.release(7);

    Signals.until(() -> stateOf(large) == JobState.COMPLETED);
    signals.settledAll(7);
    assertThat(signals.all(JobEvent.Settled.class))
        .filteredOn(event -> event.job().id() == large.id())
        .hasSize(1);
  }
}
