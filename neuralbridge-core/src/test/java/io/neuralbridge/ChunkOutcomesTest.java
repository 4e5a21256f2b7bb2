package io.neuralbridge;

import static io.neuralbridge.ChunkTestWorker.CHUNKED;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.JobTimeoutException;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs that run together: what becomes of each of them. */
class ChunkOutcomesTest extends ChunkTestBase {

  @Test
  void eachJobEndsByItsOwnOutcome() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(
            5,
            T,
            contexts -> {
              Map<Long, Outcome> outcomes = new HashMap<>();
              for (JobContext<String> c : contexts) {
                Outcome outcome =
                    switch (c.args()) {
                      case "fails" -> Outcome.failed(new IllegalStateException("no"));
                      case "snoozes" -> Outcome.snoozed(NEVER);
                      case "gives up" -> Outcome.cancelled("useless");
                      default -> Outcome.completed(c.args());
                    };
                if (!c.args().equals("is forgotten")) {
                  outcomes.put(c.job().id(), outcome);
                }
              }
              return outcomes;
            });
    NeuralBridge bridge = builder(worker).build();
    jobs = enqueue(bridge, "works", "fails", "snoozes", "gives up", "is forgotten");

    bridge = start(chunks(worker));

    jobs.forEach(signals::settled);
    assertThat(worker.calls().get(0)).hasSize(5);
    untilLeased(2);
    clock.advance(T);
    signals.settled(jobs.get(1), 2);
    signals.settled(jobs.get(4), 2);
    assertThat(jobs.stream().map(this::stateOf))
        .containsExactly(
            JobState.COMPLETED,
            JobState.DISCARDED,
            JobState.SCHEDULED,
            JobState.CANCELLED,
            JobState.DISCARDED);
    assertThat(errorCodes(bridge, jobs.get(4))).containsOnly("missing_outcome");
    assertThat(bridge.errors(jobs.get(4).id()).get(0).message())
        .contains("no outcome for job " + jobs.get(4).id());
  }

  @Test
  void anExceptionFailsAllJobsEachByItsOwnAttempts() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(
            2,
            Duration.ZERO,
            contexts -> {
              throw new IllegalStateException("provider is down");
            });
    NeuralBridge client = builder(worker).build();
    Job lasting = client.enqueue(CHUNKED.withMaxAttempts(3).request("lasting"));
    Job once = client.enqueue(CHUNKED.withMaxAttempts(1).request("once"));

    NeuralBridge bridge = start(chunks(worker));

    assertThat(signals.settled(once).state()).isEqualTo(JobState.DISCARDED);
    assertThat(signals.settled(lasting, 3).state()).isEqualTo(JobState.DISCARDED);
    assertThat(worker.calls().get(0)).containsExactly("lasting", "once");
    assertThat(bridge.errors(lasting.id())).hasSize(3);
    assertThat(bridge.errors(once.id()).get(0).message()).contains("provider is down");
  }

  @Test
  void aJobWhoseArgumentsCannotBeReadFailsAlone() {
    ChunkTestWorker worker = ChunkTestWorker.of(2, T, ChunkTestWorker::completeAll);
    NeuralBridge client = builder(worker).build();
    Job good = client.enqueue(CHUNKED.request("good"));
    Job bad =
        client.enqueue(JobType.of("chunked", List.class).withMaxAttempts(1).request(List.of(1, 2)));

    start(chunks(worker));
    clock.advance(T);
    Signals.until(
        () -> {
          clock.advance(T);
          return stateOf(good).isFinal() && !stateOf(bad).equals(JobState.EXECUTING);
        });

    assertThat(stateOf(good)).isEqualTo(JobState.COMPLETED);
    assertThat(errorCodes(client, bad)).isNotEmpty();
    assertThat(worker.calls()).containsExactly(List.of("good"));
  }

  @Test
  void aJobThatIsCancelledWhileItWaitsForOthersIsLeftOut() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    NeuralBridge bridge = startAndGather(worker, "a", "b");

    bridge.cancel(jobs.get(0).id());

    assertThat(signals.settled(jobs.get(0)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(worker.calls()).as("it does not wait for the call").isEmpty();
    clock.advance(T);
    assertThat(signals.settled(jobs.get(1)).state()).isEqualTo(JobState.COMPLETED);
    assertThat(worker.calls()).containsExactly(List.of("b"));
  }

  @Test
  void aJobThatIsCancelledDuringTheCallEndsAtOnceAndTheOthersGoOn() throws Exception {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, this::blocked);
    NeuralBridge bridge = start(chunks(worker));
    jobs = enqueue(bridge, "a", "b", "c");
    Signals.await(entered);

    bridge.cancel(jobs.get(1).id());

    assertThat(signals.settled(jobs.get(1)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(stateOf(jobs.get(0))).isEqualTo(JobState.EXECUTING);
    release.countDown();
    assertThat(signals.settled(jobs.get(0)).state()).isEqualTo(JobState.COMPLETED);
    assertThat(signals.settled(jobs.get(2)).state()).isEqualTo(JobState.COMPLETED);
    bridge.close();
    assertThat(stateOf(jobs.get(1))).isEqualTo(JobState.CANCELLED);
    assertThat(signals.all(JobEvent.Refused.class)).isEmpty();
  }

  @Test
  void theCallIsInterruptedWhenNoJobNeedsItAndWhatItSaysThenCounts() throws Exception {
    ChunkTestWorker worker =
        ChunkTestWorker.of(
            2,
            T,
            contexts -> {
              try {
                return blocked(contexts);
              } catch (InterruptedException e) {
                assertThat(contexts).allMatch(JobContext::isCancelled);
                return ChunkTestWorker.completeAll(contexts);
              }
            });
    NeuralBridge bridge = start(chunks(worker));
    jobs = enqueue(bridge, "a", "b");
    Signals.await(entered);

    bridge.cancel(jobs.get(0).id());
    assertThat(signals.settled(jobs.get(0)).state()).isEqualTo(JobState.CANCELLED);
    bridge.cancel(jobs.get(1).id());

    assertThat(signals.settled(jobs.get(1)).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aDeadlineEndsItsOwnJobOnly() throws Exception {
    ChunkTestWorker worker = ChunkTestWorker.of(2, Duration.ZERO, this::blocked);
    NeuralBridge client = builder(worker).build();
    Job endless = client.enqueue(CHUNKED.request("endless"));
    Job urgent = client.enqueue(CHUNKED.request("urgent").withDeadline(start.plusMillis(1_500)));
    NeuralBridge bridge = start(chunks(worker));
    Signals.await(entered);

    assertThat(signals.settled(urgent).state()).isEqualTo(JobState.CANCELLED);
    assertThat(errorCodes(bridge, urgent)).containsExactly("deadline_exceeded");
    assertThat(stateOf(endless)).isEqualTo(JobState.EXECUTING);
    release.countDown();
    assertThat(signals.settled(endless).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void aCallThatTakesTooLongFailsAllItsJobs() {
    ChunkTestWorker worker = ChunkTestWorker.of(2, T, this::blocked);
    WorkerOptions options = worker.options().withTimeout(Duration.ofMillis(20));
    NeuralBridge bridge = start(chunks(worker.with(options)));

    jobs = bridge.enqueueAll(Stream.of("a", "b").map(CHUNKED.withMaxAttempts(1)::request).toList());

    for (Job job : jobs) {
      JobEvent.Settled settled = signals.settled(job);
      assertThat(settled.state()).isEqualTo(JobState.DISCARDED);
      assertThat(((Outcome.Failed) settled.outcome()).cause())
          .isInstanceOf(JobTimeoutException.class);
    }
  }

  @Test
  void aCallThatIgnoresItsInterruptionLosesItsJobsAndItsSlot() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(
            2,
            Duration.ZERO,
            contexts -> {
              while (release.getCount() > 0 && contexts.get(0).args().startsWith("stubborn")) {
                Thread.onSpinWait();
              }
              return ChunkTestWorker.completeAll(contexts);
            });
    WorkerOptions options = worker.options().withTimeout(Duration.ofMillis(200));
    NeuralBridge client = builder(worker).build();
    List<Job> stuck =
        client.enqueueAll(
            Stream.of("stubborn1", "stubborn2").map(CHUNKED.withMaxAttempts(1)::request).toList());
    NeuralBridge bridge =
        start(chunks(worker.with(options)).queue("default", 1).interruptGrace(Duration.ZERO));

    stuck.forEach(signals::stuck);
    assertThat(worker.calls()).containsExactly(List.of("stubborn1", "stubborn2"));
    Job next = bridge.enqueue(CHUNKED.request("next"));

    assertThat(signals.settled(next).state()).isEqualTo(JobState.COMPLETED);
    assertThat(stuck.stream().map(this::stateOf)).containsOnly(JobState.DISCARDED);
    assertThat(signals.stuck(stuck.get(1)).trace())
        .anyMatch(frame -> frame.getClassName().contains("ChunkOutcomesTest"));
    release.countDown();
  }

  @Test
  void aFailureThatCannotBeToldEndsItsOwnJobOnly() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(
            3,
            T,
            contexts -> {
              Map<Long, Outcome> outcomes = ChunkTestWorker.completeAll(contexts);
              outcomes.put(jobs.get(1).id(), Outcome.failed(new Untellable()));
              return outcomes;
            });
    NeuralBridge client = builder(worker).build();
    jobs =
        client.enqueueAll(
            Stream.of("a", "b", "c").map(CHUNKED.withMaxAttempts(1)::request).toList());

    start(chunks(worker));

    jobs.forEach(signals::settled);
    assertThat(jobs.stream().map(this::stateOf))
        .containsExactly(JobState.COMPLETED, JobState.DISCARDED, JobState.COMPLETED);
    assertThat(worker.calls()).hasSize(1);
  }

  @Test
  void aWorkerWhoseOptionsThrowFailsAllItsJobs() {
    ChunkTestWorker worker = ChunkTestWorker.of(2, T, ChunkTestWorker::completeAll);
    ChunkWorker<String> broken =
        new ChunkWorker<>() {
          @Override
          public JobType<String> type() {
            return CHUNKED;
          }

          @Override
          public ChunkLimits chunkLimits() {
            return worker.chunkLimits();
          }

          @Override
          public WorkerOptions options() {
            throw new IllegalStateException("no options");
          }

          @Override
          public Map<Long, Outcome> workAll(List<JobContext<String>> contexts) {
            return ChunkTestWorker.completeAll(contexts);
          }
        };
    NeuralBridge client = builder().build();
    jobs = client.enqueueAll(Stream.of("a", "b").map(CHUNKED.withMaxAttempts(1)::request).toList());

    start(builder(broken));

    jobs.forEach(job -> assertThat(signals.settled(job).state()).isEqualTo(JobState.DISCARDED));
  }

  private static final class Untellable extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("not even a message");
    }
  }
}
