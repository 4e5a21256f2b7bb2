package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.JobTimeoutException;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Timeouts and deadlines. What must not be interrupted too early has hours. */
class TimeLimitsTest extends EngineTestBase {

  private static final Duration SOON = Duration.ofMillis(20);
  private static final WorkerOptions AT_ONCE =
      WorkerOptions.defaults().withRetryPolicy(RetryPolicy.fixed(Duration.ZERO));

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger runs = new AtomicInteger();

  private static TestWorker<String> worker(WorkerOptions options, TestWorker.Work<String> work) {
    return new TestWorker<>(TYPE, options, work);
  }

  private Outcome blocked() throws InterruptedException {
    entered.countDown();
    release.await();
    return Outcome.completed("released");
  }

  /** What a worker does that was never told of interrupts. */
  private Outcome stubborn() {
    entered.countDown();
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // Just what this worker is for.
      }
    }
    return Outcome.completed("too late");
  }

  @Test
  void aRunThatTakesTooLongIsInterruptedFailsAndIsTriedAgain() {
    NeuralBridge bridge =
        start(
            worker(
                AT_ONCE.withTimeout(SOON),
                c -> runs.incrementAndGet() == 1 ? blocked() : Outcome.completed("again")));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job, 2).state()).isEqualTo(JobState.COMPLETED);
    assertThat(find(job).attempt()).isEqualTo(2);
    JobError error = bridge.errors(job.id()).get(0);
    assertThat(error.code()).isEqualTo("timeout");
    assertThat(error.message()).contains("its timeout of PT0.02S");
    assertThat(error.trace()).contains("Caused by: java.lang.InterruptedException");
  }

  @Test
  void aPolicyMayNameTimeoutsAsNotRetryable() {
    RetryPolicy policy = RetryPolicy.defaults().withNonRetryable(JobTimeoutException.class);
    NeuralBridge bridge =
        start(worker(AT_ONCE.withRetryPolicy(policy).withTimeout(SOON), c -> blocked()));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.DISCARDED);
    assertThat(find(job).attempt()).isEqualTo(1);
  }

  @Test
  void aRunThatCompletesAfterItsTimeHasCompleted() {
    NeuralBridge bridge =
        start(
            worker(
                AT_ONCE.withTimeout(SOON),
                c -> {
                  try {
                    return blocked();
                  } catch (InterruptedException e) {
                    return Outcome.completed("in spite of it");
                  }
                }));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aWorkerThatIgnoresItsInterruptionLosesItsJobAndItsSlotButNotItsThread() throws Exception {
    NeuralBridge bridge =
        start(
            builder(
                    worker(
                        AT_ONCE.withTimeout(SOON),
                        c -> c.args().equals("stubborn") ? stubborn() : Outcome.completed()))
                .queue("default", 1)
                .interruptGrace(Duration.ZERO));
    Job job = bridge.enqueue(TYPE.withMaxAttempts(1).request("stubborn"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.DISCARDED);
    assertThat(bridge.errors(job.id()).get(0).code()).isEqualTo("timeout");
    assertThat(bridge.errors(job.id()).get(0).trace()).contains("TimeLimitsTest.stubborn");
    JobEvent.Stuck stuck = signals.stuck(job);
    assertThat(stuck.thread()).startsWith("neuralbridge-default-");
    assertThat(stuck.trace()).anyMatch(frame -> frame.getMethodName().equals("stubborn"));

    Job next = bridge.enqueue(TYPE.request("next"));
    assertThat(signals.settled(next).state()).isEqualTo(JobState.COMPLETED);

    release.countDown();
    bridge.close();
    assertThat(stateOf(job)).as("its late outcome is ignored").isEqualTo(JobState.DISCARDED);
    assertThat(signals.all(JobEvent.Refused.class)).isEmpty();
  }

  @Test
  void aCancellationOutweighsATimeout() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    NeuralBridge bridge =
        start(
            worker(
                AT_ONCE.withTimeout(SOON),
                c -> {
                  try {
                    return blocked();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    stubborn();
                    throw e;
                  }
                }));
    Job job = bridge.enqueue(TYPE.request("x"));
    Signals.await(interrupted);

    assertThat(bridge.cancel(job.id())).isTrue();
    release.countDown();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aJobThatIsClaimedAfterItsDeadlineIsCancelledWithoutRunning() {
    NeuralBridge bridge = builder().build();
    Instant deadline = clock.instant().plusSeconds(60);
    Job job = bridge.enqueue(TYPE.request("x").withDeadline(deadline));
    clock.advance(Duration.ofSeconds(60));
    start(
        TestWorker.of(
            c -> {
              runs.incrementAndGet();
              return Outcome.completed();
            }));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
    assertThat(runs).hasValue(0);
    assertThat(bridge.errors(job.id()))
        .extracting(JobError::code)
        .containsExactly("deadline_exceeded");
    assertThat(bridge.errors(job.id()).get(0).message()).contains(deadline + ", passed before");
  }

  @Test
  void aRunningJobIsInterruptedAtItsDeadlineAndCancelledNotRetried() {
    NeuralBridge bridge = start(worker(AT_ONCE, c -> blocked()));

    // On a slow machine it may be late before it begins: then it gets more time.
    Duration time = Duration.ofMillis(50);
    Job job = until(bridge, time);
    while (entered.getCount() > 0) {
      time = time.multipliedBy(4);
      job = until(bridge, time);
    }

    assertThat(stateOf(job)).isEqualTo(JobState.CANCELLED);
    assertThat(bridge.errors(job.id()))
        .extracting(JobError::code)
        .containsExactly("deadline_exceeded");
    assertThat(bridge.errors(job.id()).get(0).message()).contains("passed while it ran");
  }

  private Job until(NeuralBridge bridge, Duration time) {
    Job job = bridge.enqueue(TYPE.request("x").withDeadline(clock.instant().plus(time)));
    signals.settled(job);
    return job;
  }

  @Test
  void aWorkerKnowsItsTimeWhicheverEndsFirst() {
    AtomicReference<JobContext<String>> context = new AtomicReference<>();
    AtomicReference<Duration> remaining = new AtomicReference<>();
    NeuralBridge bridge =
        start(
            worker(
                AT_ONCE.withTimeout(Duration.ofHours(2)),
                c -> {
                  context.set(c);
                  remaining.set(c.remaining().orElseThrow());
                  return Outcome.completed();
                }));

    Instant deadline = clock.instant().plus(Duration.ofHours(1));
    signals.settled(bridge.enqueue(TYPE.request("x").withDeadline(deadline)));
    assertThat(context.get().deadline()).contains(deadline);
    assertThat(remaining.get()).isPositive().isLessThanOrEqualTo(Duration.ofHours(1));

    signals.settled(bridge.enqueue(TYPE.request("y")));
    assertThat(context.get().deadline().orElseThrow())
        .isBetween(
            clock.instant().plus(Duration.ofHours(2)), clock.instant().plus(NEVER.multipliedBy(3)));
    assertThat(remaining.get()).isBetween(Duration.ofHours(1), Duration.ofHours(2));
  }

  @Test
  void aWorkerWithoutLimitsHasAllTheTime() {
    AtomicBoolean limited = new AtomicBoolean();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  limited.set(c.deadline().isPresent() || c.remaining().isPresent());
                  return Outcome.completed();
                }));

    signals.settled(bridge.enqueue(TYPE.request("x")));

    assertThat(limited).isFalse();
    assertThat(timekeepers()).as("no thread for what nobody asked for").isZero();
  }

  @Test
  void oneThreadWatchesAllRunsAndEndsWithTheBridge() throws Exception {
    CountDownLatch all = new CountDownLatch(5);
    NeuralBridge bridge =
        start(
            worker(
                AT_ONCE.withTimeout(NEVER),
                c -> {
                  all.countDown();
                  return blocked();
                }));
    for (int i = 0; i < 5; i++) {
      bridge.enqueue(TYPE.request("x"));
    }
    Signals.await(all);

    assertThat(timekeepers()).isEqualTo(1);
    release.countDown();
    bridge.close();
    Signals.until(() -> timekeepers() == 0);
  }

  private static long timekeepers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("neuralbridge-timekeeper"))
        .count();
  }

  @Test
  void badTimesAreRefusedWithTheReason() {
    assertThatThrownBy(() -> AT_ONCE.withTimeout(Duration.ZERO))
        .hasMessageContaining("a timeout must be positive and at most 36500 days: PT0S");
    assertThatThrownBy(() -> AT_ONCE.withTimeout(Duration.ofDays(40_000)))
        .hasMessageContaining("36500 days");
    assertThatThrownBy(() -> builder().interruptGrace(Duration.ofMillis(-1)))
        .hasMessageContaining("interruptGrace must not be negative");
  }
}
