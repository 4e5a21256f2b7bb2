package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobException;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class RunningJobsTest extends EngineTestBase {

  record Order(String id, List<Integer> amounts, LocalDate day) {}

  @Test
  void aJobRunsAndItsResultIsStored() {
    NeuralBridge bridge = start(TestWorker.of(c -> Outcome.completed(Map.of("n", 3))));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(find(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(find(job).result()).isEqualTo("{\"n\":3}");
    assertThat(find(job).attempt()).isEqualTo(1);
    assertThat(bridge.errors(job.id())).isEmpty();
  }

  @Test
  void argumentsArriveAsTheirRecord() {
    JobType<Order> type = JobType.of("order", Order.class);
    Order order = new Order("o-1", List.of(1, 2), LocalDate.of(2026, 2, 28));
    AtomicReference<Order> seen = new AtomicReference<>();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                type,
                c -> {
                  seen.set(c.args());
                  return Outcome.completed();
                }));

    signals.settled(bridge.enqueue(type.request(order)));

    assertThat(seen).hasValue(order);
  }

  @Test
  void aFailingJobIsRetriedThenDiscardedWithAllItsErrors() {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  throw new JobException("no_luck", "attempt " + c.job().attempt());
                }));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job, 3).state()).isEqualTo(JobState.DISCARDED);
    assertThat(stateOf(job)).isEqualTo(JobState.DISCARDED);
    assertThat(bridge.errors(job.id()))
        .extracting(JobError::message)
        .containsExactly("attempt 1", "attempt 2", "attempt 3");
    assertThat(bridge.errors(job.id())).extracting(JobError::code).containsOnly("no_luck");
  }

  @Test
  void aFailedOutcomeIsTheSameAsAnException() {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c ->
                    c.job().attempt() < 3
                        ? Outcome.failed(new IllegalStateException("not yet"))
                        : Outcome.completed()));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job, 3).state()).isEqualTo(JobState.COMPLETED);
    assertThat(bridge.errors(job.id())).hasSize(2);
  }

  @Test
  void anExceptionThatIsNotRetryableEndsTheJobAtOnce() {
    RetryPolicy policy = RetryPolicy.defaults().withNonRetryable(IllegalArgumentException.class);
    NeuralBridge bridge =
        start(
            TestWorker.of(
                TYPE,
                policy,
                c -> {
                  throw new NumberFormatException("a subclass");
                }));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.DISCARDED);
    assertThat(find(job).attempt()).isEqualTo(1);
  }

  @Test
  void aSnoozeCostsNoAttempt() {
    AtomicBoolean snoozed = new AtomicBoolean();
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c ->
                    snoozed.getAndSet(true)
                        ? Outcome.completed(c.job().attempt())
                        : Outcome.snoozed(Duration.ofMinutes(5))));

    Job job = bridge.enqueue(TYPE.withMaxAttempts(1).request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(find(job).attempt()).isZero();
    clock.advance(Duration.ofMinutes(5));
    signals.settled(job, 2);
    assertThat(find(job).result()).isEqualTo("1");
  }

  @Test
  void aWorkerMayCancelItsJob() {
    NeuralBridge bridge = start(TestWorker.of(c -> Outcome.cancelled("insufficient_data")));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
    assertThat(bridge.errors(job.id()))
        .extracting(JobError::code, JobError::message)
        .containsExactly(tuple("cancelled", "insufficient_data"));
  }

  @Test
  void anErrorIsAFailureLikeAnyOther() {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  throw new StackOverflowError();
                }));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job, 3).state()).isEqualTo(JobState.DISCARDED);
  }

  @Test
  void aWorkerThatReturnsNullHasFailed() {
    NeuralBridge bridge = start(TestWorker.of(c -> null));

    Job job = bridge.enqueue(TYPE.withMaxAttempts(1).request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.DISCARDED);
    assertThat(bridge.errors(job.id()).get(0).message()).contains("returned null");
  }

  @Test
  void anExceptionWhoseMessageThrowsIsStoredAllTheSame() {
    NeuralBridge bridge =
        start(
            TestWorker.of(
                c -> {
                  throw new HostileException();
                }));

    Job job = bridge.enqueue(TYPE.withMaxAttempts(1).request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.DISCARDED);
    assertThat(bridge.errors(job.id()).get(0).message()).contains("cannot be read");
  }

  private static final class HostileException extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("no message for you");
    }
  }

  @Test
  void aWorkerWhoseOptionsThrowLosesNoSlot() {
    Worker<String> broken =
        new Worker<>() {
          @Override
          public JobType<String> type() {
            return TYPE;
          }

          @Override
          public WorkerOptions options() {
            throw new IllegalStateException("no options");
          }

          @Override
          public Outcome work(JobContext<String> context) {
            throw new IllegalStateException("work");
          }
        };
    NeuralBridge bridge = start(builder(broken).queue("default", 1));

    Job job = bridge.enqueue(TYPE.withMaxAttempts(1).request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.DISCARDED);
    Job next = bridge.enqueue(TYPE.withMaxAttempts(1).request("y"));
    assertThat(signals.settled(next).state()).isEqualTo(JobState.DISCARDED);
  }

  @Test
  void aResultThatCannotBeKeptLeavesTheJobCompletedWithTheReason() {
    NeuralBridge bridge = start(TestWorker.of(c -> Outcome.completed("x".repeat(70_000))));

    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(bridge.errors(job.id()))
        .extracting(JobError::code)
        .containsExactly("invalid_result");
  }

  @Test
  void argumentsThatNoLongerFitCostNoAttemptAndWaitVisiblyForAWorkerThatReadsThem() {
    JobType<Order> type = JobType.of("order", Order.class).withMaxAttempts(1);
    AtomicInteger runs = new AtomicInteger();
    NeuralBridge old =
        start(
            TestWorker.of(
                type,
                c -> {
                  runs.incrementAndGet();
                  return Outcome.completed();
                }));
    JobType<String> next = JobType.of("order", String.class).withMaxAttempts(1);
    Job job = store.insert(List.of(next.request("o-1").toNewJob())).get(0);

    assertThat(signals.settled(job).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(find(job).attempt()).isZero();
    assertThat(runs).hasValue(0);
    assertThat(store.errors(job.id()))
        .singleElement()
        .satisfies(error -> assertThat(error.code()).isEqualTo("invalid_args"))
        .satisfies(
            error ->
                assertThat(error.message())
                    .contains("'order'", "Order", "deploy a worker that reads them"));
    old.close();

    start(TestWorker.of(next, c -> Outcome.completed(c.args())));
    clock.advance(Duration.ofMinutes(1));
    assertThat(signals.settled(job, 2).state()).isEqualTo(JobState.COMPLETED);
    assertThat(find(job).result()).isEqualTo("\"o-1\"");
    assertThat(find(job).attempt()).isEqualTo(1);
  }

  @Test
  void aKindThatNobodyKnowsWaitsVisiblyForANodeThatDoes() {
    NeuralBridge ignorant = start(builder());
    Job job = ignorant.enqueue(TYPE.request("x"));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(find(job).attempt()).isZero();
    assertThat(ignorant.errors(job.id()))
        .extracting(JobError::code)
        .containsExactly("unknown_kind");
    ignorant.close();

    start(TestWorker.of(c -> Outcome.completed()));
    clock.advance(Duration.ofMinutes(1));
    assertThat(signals.settled(job, 2).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aScheduledJobRunsWhenItIsDue() {
    NeuralBridge bridge = start(TestWorker.of(c -> Outcome.completed()));
    Job later = bridge.enqueue(TYPE.request("later").in(Duration.ofHours(1)));
    signals.settled(bridge.enqueue(TYPE.request("now")));
    assertThat(stateOf(later)).isEqualTo(JobState.SCHEDULED);

    clock.advance(Duration.ofHours(1));

    assertThat(signals.settled(later).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aJobOfThisProcessStartsWithoutWaitingForThePoll() {
    NeuralBridge bridge =
        start(builder(TestWorker.of(c -> Outcome.completed())).pollInterval(NEVER));

    signals.settled(bridge.enqueue(TYPE.request("x")));
    signals.settled(bridge.enqueue(TYPE.request("y")));
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    Builder builder =
        builder(TestWorker.of(c -> Outcome.completed()))
            .queue("default", 1)
            .listener(
                event -> {
                  throw new IllegalStateException("listener");
                })
            .listener(
                event -> {
                  throw new AssertionError("listener");
                });
    Signals last = new Signals();
    NeuralBridge bridge = start(builder.listener(last));

    Job first = bridge.enqueue(TYPE.request("x"));
    Job second = bridge.enqueue(TYPE.request("y"));

    last.settled(first);
    last.settled(second);
    assertThat(stateOf(second)).isEqualTo(JobState.COMPLETED);
    assertThat(last.all(JobEvent.Refused.class)).isEmpty();
  }

  @Test
  void theLoggingContextNamesTheJobAndIsCleanAfterwards() {
    AtomicReference<Map<String, String>> first = new AtomicReference<>();
    AtomicReference<Map<String, String>> second = new AtomicReference<>();
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          (c.args().equals("first") ? first : second)
                              .set(MDC.getCopyOfContextMap());
                          MDC.put("left", "behind");
                          return Outcome.completed();
                        }))
                .queue("default", QueueOptions.computing(1)));

    Job one = bridge.enqueue(TYPE.request("first"));
    signals.settled(one);
    Job two = bridge.enqueue(TYPE.request("second"));
    signals.settled(two);

    assertThat(first.get())
        .containsEntry("neuralbridge.job", Long.toString(one.id()))
        .containsEntry("neuralbridge.kind", "test");
    assertThat(second.get())
        .containsOnlyKeys("neuralbridge.job", "neuralbridge.kind")
        .containsEntry("neuralbridge.job", Long.toString(two.id()));
  }

  @Test
  void anInterruptThatAWorkerLeavesBehindDoesNotReachTheNextJob() {
    AtomicBoolean interrupted = new AtomicBoolean();

    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
                          Thread.currentThread().interrupt();

                          return Outcome.completed();
                        }))
                .queue("default", QueueOptions.computing(1)));

    signals.settled(bridge.enqueue(TYPE.request("first")));
    signals.settled(bridge.enqueue(TYPE.request("second")));

    assertThat(interrupted).isFalse();
  }
}
