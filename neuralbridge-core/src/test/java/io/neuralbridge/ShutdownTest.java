package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ShutdownTest extends EngineTestBase {

  private static final Duration NO_GRACE = Duration.ofMillis(20);

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  private Outcome blocked() throws InterruptedException {
    entered.countDown();
    release.await();
    return Outcome.completed("finished");
  }

  @Test
  void closeWaitsForTheRunningJob() throws Exception {
    NeuralBridge bridge = start(TestWorker.of(c -> blocked()));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);
    Thread closer = new Thread(bridge::close);
    closer.start();
    Signals.until(() -> noThreadIsLeft("neuralbridge-producer-"));
    Job late = bridge.enqueue(TYPE.request("late"));

    release.countDown();
    closer.join();

    assertThat(stateOf(job)).isEqualTo(JobState.COMPLETED);
    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(stateOf(late)).as("nothing is claimed any more").isEqualTo(JobState.AVAILABLE);
  }

  @Test
  void afterTheGraceJobsAreInterruptedAndHandedBackWithoutCostingAnAttempt() throws Exception {
    NeuralBridge bridge = start(builder(TestWorker.of(c -> blocked())).shutdownGrace(NO_GRACE));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);

    bridge.close();

    assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE);
    assertThat(find(job).attempt()).isZero();
    assertThat(find(job).crashes()).isZero();
    assertThat(store.errors(job.id())).isEmpty();
  }

  @Test
  void aWorkerThatIgnoresItsInterruptionIsHandedBackAndItsOutcomeIgnored() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          entered.countDown();
                          awaitStubbornly(release);
                          over.countDown();
                          return Outcome.completed("too late");
                        }))
                .shutdownGrace(NO_GRACE));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);

    bridge.close();

    assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE);
    assertThat(find(job).attempt()).isZero();
    release.countDown();
    Signals.await(over);
    Signals.until(ShutdownTest::noThreadIsLeft);
    assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE);
  }

  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // Just what this worker is for.
      }
    }
  }

  @Test
  void closeLeavesNoThreadBehind() {
    NeuralBridge bridge =
        start(
            builder(TestWorker.of(c -> Outcome.completed()))
                .queue("default", QueueOptions.computing(2)));
    signals.settled(bridge.enqueue(TYPE.request("x")));
    assertThat(noThreadIsLeft()).isFalse();

    bridge.close();

    Signals.until(ShutdownTest::noThreadIsLeft);
  }

  private static boolean noThreadIsLeft() {
    return noThreadIsLeft("neuralbridge-");
  }

  private static boolean noThreadIsLeft(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().startsWith(prefix));
  }

  @Test
  void aJobMayCloseItsOwnBridgeAndIsWaitedFor() {
    AtomicReference<NeuralBridge> self = new AtomicReference<>();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  self.get().close();
                  return Outcome.completed();
                }));
    self.set(bridge);

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    bridge.close();
    Signals.until(ShutdownTest::noThreadIsLeft);
    assertThat(stateOf(job)).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aListenerMayCloseItsOwnBridge() {
    AtomicReference<NeuralBridge> self = new AtomicReference<>();
    Builder builder = builder(TestWorker.of(c -> Outcome.completed()));
    builder.listener(
        event -> {
          if (event instanceof JobEvent.Settled) {
            self.get().close();
          }
        });
    NeuralBridge bridge = start(builder);
    self.set(bridge);

    Job job = bridge.enqueue(TYPE.request("x"));

    signals.settled(job);
    Signals.until(ShutdownTest::noThreadIsLeft);
    assertThat(stateOf(job)).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void anInterruptedCloseStillHandsBackAndEndsEverything() throws Exception {
    NeuralBridge bridge = start(TestWorker.of(c -> blocked()));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);
    long begin = System.nanoTime();
    Thread.currentThread().interrupt();

    bridge.close();

    assertThat(Thread.interrupted()).as("the interrupt is kept for the caller").isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Signals.PATIENCE);
    assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE);
    Signals.until(ShutdownTest::noThreadIsLeft);
  }

  @Test
  void closeDuringAnOutageEndsAllTheSame() throws Exception {
    NeuralBridge bridge = start(TestWorker.of(c -> blocked()));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);
    store.goAway();
    release.countDown();

    bridge.close();

    Signals.until(ShutdownTest::noThreadIsLeft);
    store.comeBack();
    assertThat(stateOf(job)).as("for the others to rescue").isEqualTo(JobState.EXECUTING);
  }

  @Test
  void aClaimThatComesBackAfterTheCloseRunsNothing() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    store.afterClaim =
        () -> {
          entered.countDown();
          Signals.awaitQuietly(release);
        };
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          runs.incrementAndGet();
                          return Outcome.completed();
                        }))
                .shutdownGrace(NO_GRACE));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);

    bridge.close();
    release.countDown();

    Signals.until(ShutdownTest::noThreadIsLeft);
    assertThat(runs).hasValue(0);
    assertThat(store.rescue(3)).extracting(Job::id).containsExactly(job.id());
  }

  @Test
  void closingTwiceOrUnstartedDoesNothing() {
    builder().build().close();
    NeuralBridge bridge = start(builder());

    bridge.close();
    bridge.close();

    assertThat(bridge.counts()).hasSize(JobState.values().length);
  }

  @Test
  void aBridgeStartsOnce() {
    NeuralBridge bridge = start(builder());

    assertThatThrownBy(bridge::start)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("STARTED");
    bridge.close();
    assertThatThrownBy(bridge::start).hasMessageContaining("CLOSED");
  }

  @Test
  void theNextBridgeGoesOnWhereTheLastOneStopped() throws Exception {
    NeuralBridge first = start(builder(TestWorker.of(c -> blocked())).shutdownGrace(NO_GRACE));
    List<Job> jobs = first.enqueueAll(List.of(TYPE.request("x"), TYPE.request("y")));
    Signals.await(entered);
    first.close();

    release.countDown();
    NeuralBridge second = start(TestWorker.of(c -> blocked()));

    Signals.until(() -> second.counts().get(JobState.COMPLETED) == 2);
    jobs.forEach(job -> assertThat(find(job).attempt()).isEqualTo(1));
  }
}
