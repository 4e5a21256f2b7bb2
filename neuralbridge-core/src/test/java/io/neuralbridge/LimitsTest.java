package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LimitsTest extends EngineTestBase {

  @Test
  void withOneSlotJobsRunByPriority() {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    NeuralBridge client = builder().build();
    List<Job> jobs = new ArrayList<>();
    for (int priority : new int[] {5, 0, 9, 1}) {
      jobs.add(client.enqueue(TYPE.withPriority(priority).request("p" + priority)));
    }

    start(
        builder(
                TestWorker.of(
                    c -> {
                      order.add(c.args());
                      return Outcome.completed();
                    }))
            .queue("default", 1));

    jobs.forEach(signals::settled);
    assertThat(order).containsExactly("p0", "p1", "p5", "p9");
  }

  @Test
  void aQueueRunsAsManyJobsAsItsLimitAndNoMore() {
    int limit = 4;
    CyclicBarrier full = new CyclicBarrier(limit);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          most.accumulateAndGet(running.incrementAndGet(), Math::max);
                          full.await(Signals.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                          running.decrementAndGet();
                          return Outcome.completed();
                        }))
                .queue("default", limit));

    List<Job> jobs =
        bridge.enqueueAll(
            IntStream.range(0, 10 * limit).mapToObj(i -> TYPE.request("x" + i)).toList());

    jobs.forEach(signals::settled);
    assertThat(most).hasValue(limit);
    jobs.forEach(job -> assertThat(find(job).attempt()).isEqualTo(1));
  }

  @Test
  void aFullQueueDoesNotHoldUpAnother() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          if (c.job().queue().equals("slow")) {
                            release.await();
                          }
                          return Outcome.completed();
                        }))
                .queue("slow", 1));
    Job slow = bridge.enqueue(TYPE.withQueue("slow").request("x"));
    signals.started(slow);

    signals.settled(bridge.enqueue(TYPE.request("y")));

    release.countDown();
    signals.settled(slow);
  }

  @Test
  void manyJobsRunOnceEachOnTwoBridges() {
    AtomicInteger runs = new AtomicInteger();
    TestWorker<String> worker =
        TestWorker.of(
            c -> {
              runs.incrementAndGet();
              return Outcome.completed();
            });
    NeuralBridge one = start(worker);
    start(worker);

    List<Job> jobs =
        one.enqueueAll(IntStream.range(0, 500).mapToObj(i -> TYPE.request("x" + i)).toList());

    signals.settledAll(500);
    assertThat(runs).hasValue(500);
    jobs.forEach(job -> assertThat(find(job).attempt()).isEqualTo(1));
  }

  @Test
  void computingQueuesRunOnPlatformThreads() throws Exception {
    assertThat(runsOnAVirtualThread(QueueOptions.computing(1))).isFalse();
  }

  @Test
  void waitingQueuesRunOnVirtualThreadsWhereThereAreAny() throws Exception {
    Assumptions.assumeTrue(Runtime.version().feature() >= 21, "no virtual threads in this JVM");

    assertThat(runsOnAVirtualThread(QueueOptions.waiting(1))).isTrue();
  }

  private boolean runsOnAVirtualThread(QueueOptions options) {
    AtomicBoolean virtual = new AtomicBoolean();
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          virtual.set(isVirtual(Thread.currentThread()));
                          return Outcome.completed();
                        }))
                .queue("default", options));
    signals.settled(bridge.enqueue(TYPE.request("x")));
    return virtual.get();
  }

  private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
    return Runtime.version().feature() >= 21
        && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
  }
}
