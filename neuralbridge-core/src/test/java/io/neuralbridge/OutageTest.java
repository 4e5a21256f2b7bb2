package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The store goes away and comes back; nodes are given up though they live. */
class OutageTest extends EngineTestBase {

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void whileTheStoreIsAwayJobsRunOnAndTheirOutcomesAreWrittenWhenItIsBack() throws Exception {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  entered.countDown();
                  release.await();
                  return Outcome.completed("kept");
                }));
    Job running = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);

    store.goAway();
    release.countDown();
    Signals.until(() -> store.failedSettles.get() >= 2 && store.failures.get() >= 10);
    store.comeBack();

    assertThat(signals.settled(running).state()).isEqualTo(JobState.COMPLETED);
    assertThat(find(running).result()).isEqualTo("\"kept\"");
    assertThat(find(running).crashes()).isZero();
    Job next = bridge.enqueue(TYPE.request("y"));
    assertThat(signals.settled(next).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aBridgeThatStartsWhileTheStoreIsAwayWaitsForIt() {
    store.goAway();
    NeuralBridge bridge = start(TestWorker.of(c -> Outcome.completed()));
    Signals.until(() -> store.failures.get() >= 3);

    store.comeBack();

    signals.settled(bridge.enqueue(TYPE.request("x")));
  }

  @Test
  void anOutcomeThatTheStoreAlwaysRefusesHoldsUpNoOther() {
    CountDownLatch all = new CountDownLatch(40);
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          all.countDown();
                          all.await();
                          return Outcome.completed();
                        }))
                .queue("default", 40));
    NeuralBridge client = builder().build();
    List<Job> jobs =
        client.enqueueAll(IntStream.range(0, 39).mapToObj(i -> TYPE.request("x" + i)).toList());
    store.refusedOutcomes.add(jobs.get(7).id());
    Job last = bridge.enqueue(TYPE.request("last"));

    jobs.stream().filter(job -> job.id() != jobs.get(7).id()).forEach(signals::settled);
    signals.settled(last);
    Job later = bridge.enqueue(TYPE.request("later"));
    signals.settled(later);
    assertThat(stateOf(jobs.get(7))).isEqualTo(JobState.EXECUTING);

    store.refusedOutcomes.clear();
    assertThat(signals.settled(jobs.get(7)).state()).isEqualTo(JobState.COMPLETED);
    assertThat(signals.all(JobEvent.Refused.class)).isEmpty();
  }

  @Test
  void aNodeThatIsGivenUpStopsItsJobAndItsLateOutcomeIsRefused() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  if (runs.incrementAndGet() > 1) {
                    return Outcome.completed("second");
                  }
                  try {
                    entered.countDown();
                    release.await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  }
                  release.await();
                  return Outcome.completed("first");
                }));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);

    giveUpTheFirstNode();

    Signals.await(interrupted);
    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    release.countDown();
    assertThat(signals.refused(job).outcome()).isEqualTo(Outcome.completed("first"));
    assertThat(find(job).result()).isEqualTo("\"second\"");
    assertThat(find(job).crashes()).isEqualTo(1);
    assertThat(find(job).attempt()).isEqualTo(1);
  }

  @Test
  void anInterruptionBecauseTheLeaseIsLostCostsNoAttempt() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  if (runs.incrementAndGet() == 1) {
                    entered.countDown();
                    new CountDownLatch(1).await();
                  }
                  return Outcome.completed();
                }));
    Job job = bridge.enqueue(TYPE.withMaxAttempts(1).request("x"));
    Signals.await(entered);

    store.leave(1);

    Signals.until(() -> stateOf(job) == JobState.COMPLETED);
    assertThat(find(job).attempt()).isEqualTo(1);
  }

  @Test
  void whatIsClaimedWhileItsNodeIsGivenUpIsStopped() {
    NeuralBridge bridge =
        start(
            builder(
                TestWorker.of(
                    c -> {
                      if (c.job().crashes() == 0) {
                        new CountDownLatch(1).await();
                      }
                      return Outcome.completed();
                    })));
    store.afterClaim =
        () -> {
          store.afterClaim = () -> {};
          int before = store.renewals.get();
          giveUpTheFirstNode();
          Signals.until(() -> store.renewals.get() >= before + 2);
        };

    Job job = bridge.enqueue(TYPE.request("x"));

    signals.refused(job);
    Signals.until(() -> stateOf(job) == JobState.COMPLETED);
  }

  @Test
  void aNodeThatIsGivenUpDoesNotSpinUntilItsNextHeartbeat() {
    NeuralBridge bridge =
        start(
            builder(TestWorker.of(c -> Outcome.completed()))
                .heartbeat(NEVER, NEVER.multipliedBy(3)));
    signals.settled(bridge.enqueue(TYPE.request("x")));
    store.leave(1);
    bridge.enqueue(TYPE.request("nobody may claim it"));
    int before = store.claims.get();
    long begin = System.nanoTime();

    Signals.until(() -> store.claims.get() >= before + 50);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(50));
  }

  private void giveUpTheFirstNode() {
    store.leave(1);
    store.rescue(3);
  }
}
