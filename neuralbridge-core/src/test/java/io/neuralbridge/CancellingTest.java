package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellingTest extends EngineTestBase {

  private final CountDownLatch entered = new CountDownLatch(1);

  @Test
  void aWaitingJobIsCancelledAtOnceAndNeverRuns() {
    AtomicInteger runs = new AtomicInteger();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  runs.incrementAndGet();
                  return Outcome.completed();
                }));
    Job job = bridge.enqueue(TYPE.request("x").in(Duration.ofHours(1)));

    assertThat(bridge.cancel(job.id())).isTrue();

    assertThat(stateOf(job)).isEqualTo(JobState.CANCELLED);
    clock.advance(Duration.ofHours(1));
    signals.settled(bridge.enqueue(TYPE.request("another")));
    assertThat(runs).hasValue(1);
    assertThat(bridge.cancel(job.id())).as("final already").isFalse();
  }

  @Test
  void aRunningJobIsInterruptedAndCancelled() throws Exception {
    AtomicBoolean told = new AtomicBoolean();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  entered.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } finally {
                    told.set(c.isCancelled());
                  }
                  return Outcome.completed();
                }));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);

    assertThat(bridge.cancel(job.id())).isTrue();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
    assertThat(stateOf(job)).isEqualTo(JobState.CANCELLED);
    assertThat(told).isTrue();
  }

  @Test
  void aCancelledRunThatReportsFailureOrSnoozesIsCancelledNotRetried() throws Exception {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  entered.countDown();
                  try {
                    new CountDownLatch(1).await();
                    return Outcome.completed();
                  } catch (InterruptedException e) {
                    return c.args().equals("fail")
                        ? Outcome.failed(e)
                        : Outcome.snoozed(Duration.ofDays(1));
                  }
                }));
    for (Job job :
        List.of(bridge.enqueue(TYPE.request("fail")), bridge.enqueue(TYPE.request("snooze")))) {
      signals.started(job);
      bridge.cancel(job.id());

      assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void aRunThatCompletesInSpiteOfItsCancellationIsCompleted() throws Exception {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  entered.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException e) {
                    return Outcome.completed("done");
                  }
                  return Outcome.completed();
                }));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(entered);

    bridge.cancel(job.id());

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aCancellationOnAnotherNodeArrivesWithTheNextRoundOfNotices() throws Exception {
    NeuralBridge runner =
        start(
            TestWorker.of(
                c -> {
                  entered.countDown();
                  new CountDownLatch(1).await();
                  return Outcome.completed();
                }));
    NeuralBridge client = builder().build();
    Job job = runner.enqueue(TYPE.request("x"));
    Signals.await(entered);

    assertThat(client.cancel(job.id())).isTrue();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aJobGivenUpBeforeItsClaimDoesNotRun() throws Exception {
    CountDownLatch failNow = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    Builder deaf =
        builder(
                TestWorker.of(
                    c -> {
                      runs.incrementAndGet();
                      entered.countDown();
                      failNow.await();
                      throw new IllegalStateException("retry me");
                    }))
            .noticeInterval(NEVER)
            .heartbeat(NEVER, NEVER.multipliedBy(3));
    NeuralBridge runner = start(deaf);
    Job job = runner.enqueue(TYPE.request("x"));
    Signals.await(entered);
    builder().build().cancel(job.id());

    failNow.countDown();

    assertThat(signals.settled(job, 2).state()).isEqualTo(JobState.CANCELLED);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aJobGivenUpBetweenTheEndOfItsRunAndItsOutcomeIsCancelledAndDoesNotWaitForItsRetry() {
    AtomicInteger runs = new AtomicInteger();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                TYPE,
                RetryPolicy.fixed(NEVER),
                c -> {
                  store.refusedOutcomes.add(c.job().id());
                  runs.incrementAndGet();
                  throw new IllegalStateException("retry me in an hour");
                }));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.until(() -> store.failedSettles.get() > 0);

    assertThat(bridge.cancel(job.id())).isTrue();
    store.refusedOutcomes.clear();

    assertThat(signals.settled(job, 2).state()).isEqualTo(JobState.CANCELLED);
    assertThat(stateOf(job)).isEqualTo(JobState.CANCELLED);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aRunThatIsStoppedBeforeItBeganDoesNotBegin() {
    Run run = new Run(SettlerTest.lease(1, 3), () -> {});

    run.stop(Run.Stop.SHUTDOWN);
    run.stop(Run.Stop.CANCELLED);

    assertThat(run.begin(WorkerOptions.defaults())).isFalse();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(run.stop()).as("the first reason stays").isEqualTo(Run.Stop.SHUTDOWN);
  }

  @Test
  void anInterruptEndsWithItsRun() {
    Run run = new Run(SettlerTest.lease(1, 3), () -> {});
    run.begin(WorkerOptions.defaults());
    run.stop(Run.Stop.CANCELLED);
    run.finish();

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    run.stop(Run.Stop.SHUTDOWN);
    assertThat(Thread.currentThread().isInterrupted()).as("the thread is another's").isFalse();
  }
}
