package io.neuralbridge;

import static io.neuralbridge.ChunkTestWorker.CHUNKED;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.JobTimeoutException;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs that run together: when a call is made, and what becomes of each job of it. */
class ChunkWorkerTest extends EngineTestBase {

  private static final Duration T = Duration.ofSeconds(30);

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Instant start = clock.instant();
  private List<Job> jobs = List.of();

  private Builder chunks(ChunkTestWorker worker) {
    return builder(worker).nanos(() -> Duration.between(start, clock.instant()).toNanos());
  }

  private static List<Job> enqueue(NeuralBridge bridge, String... args) {
    return bridge.enqueueAll(Stream.of(args).map(CHUNKED::request).toList());
  }

  private List<Job> enqueue(NeuralBridge bridge, int count) {
    return bridge.enqueueAll(
        IntStream.range(0, count).mapToObj(i -> CHUNKED.request("x" + i)).toList());
  }

  private NeuralBridge startAndGather(ChunkTestWorker worker, String... args) {
    NeuralBridge bridge = start(chunks(worker));
    jobs = enqueue(bridge, args);
    untilLeased(args.length);
    return bridge;
  }

  /** Works until it is released, or interrupted. */
  private Map<Long, Outcome> blocked(List<JobContext<String>> contexts)
      throws InterruptedException {
    entered.countDown();
    release.await();
    return ChunkTestWorker.completeAll(contexts);
  }

  private void untilLeased(int jobs) {
    Signals.until(() -> store.counts().get(JobState.EXECUTING) == jobs);
  }

  private List<String> errorCodes(NeuralBridge bridge, Job job) {
    return bridge.errors(job.id()).stream().map(JobError::code).toList();
  }

  @Test
  void asManyJobsAsMakeAChunkRunInOneCallAndEachHasItsResult() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    NeuralBridge bridge = start(chunks(worker));

    jobs = enqueue(bridge, "a", "b", "c", "d", "e", "f");

    signals.settledAll(6);
    assertThat(worker.calls()).allMatch(call -> call.size() == 3).hasSize(2);
    assertThat(find(jobs.get(4)).result()).isEqualTo("\"did e\"");
    assertThat(signals.all(JobEvent.Started.class)).hasSize(6);
    assertThat(signals.all(JobEvent.Settled.class))
        .allMatch(event -> event.state() == JobState.COMPLETED);
  }

  @Test
  void jobsThatDoNotMakeAChunkRunWhenTheFirstHasWaitedLongEnough() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    NeuralBridge bridge = start(chunks(worker));
    enqueue(bridge, "a");
    untilLeased(1);
    clock.advance(T.minusNanos(1));
    enqueue(bridge, "b");
    untilLeased(2);
    assertThat(worker.calls()).isEmpty();

    clock.advance(Duration.ofNanos(1));

    signals.settledAll(2);
    assertThat(worker.calls()).containsExactly(List.of("a", "b"));
  }

  @Test
  void aCallTakesOneSlotAndAsManyJobsAreLeasedAsMakeChunksForTheFreeSlots() throws Exception {
    ChunkTestWorker worker = ChunkTestWorker.of(40, T, this::blocked);
    NeuralBridge bridge = start(chunks(worker).queue("default", 2));

    enqueue(bridge, 200);

    Signals.await(entered);
    Signals.until(() -> worker.calls().size() == 2);
    untilLeased(80);
    assertThat(worker.calls()).allMatch(call -> call.size() == 40);
    release.countDown();
    signals.settledAll(200);
    assertThat(worker.calls()).hasSize(5);
  }

  @Test
  void jobsWithNothingInCommonDoNotRunTogether() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(2, T, ChunkTestWorker::completeAll).by(args -> args.charAt(0));
    NeuralBridge bridge = start(chunks(worker));

    enqueue(bridge, "a1", "b1", "a2", "b2", "a3");

    signals.settledAll(4);
    assertThat(worker.calls()).containsExactlyInAnyOrder(List.of("a1", "a2"), List.of("b1", "b2"));
    clock.advance(T);
    signals.settledAll(5);
  }

  @Test
  void aJobOfWhichItIsNotKnownWhatItHasInCommonRunsAlone() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(2, Duration.ZERO, ChunkTestWorker::completeAll)
            .by(
                args -> {
                  throw new IllegalStateException("no idea");
                });

    enqueue(start(chunks(worker)), "a", "b");

    signals.settledAll(2);
    assertThat(worker.calls()).containsExactlyInAnyOrder(List.of("a"), List.of("b"));
  }

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
    Job next = bridge.enqueue(CHUNKED.request("next"));

    assertThat(signals.settled(next).state()).isEqualTo(JobState.COMPLETED);
    assertThat(stuck.stream().map(this::stateOf)).containsOnly(JobState.DISCARDED);
    assertThat(signals.stuck(stuck.get(1)).trace())
        .anyMatch(frame -> frame.getClassName().contains("ChunkWorkerTest"));
    release.countDown();
  }

  @Test
  void aPausedQueueRunsWhatItHasGathered() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    NeuralBridge bridge = startAndGather(worker, "a", "b");

    bridge.queues().drain("default").join();

    assertThat(worker.calls()).containsExactly(List.of("a", "b"));
    assertThat(store.counts().get(JobState.COMPLETED)).isEqualTo(2);
  }

  @Test
  void drainRunsIncompleteChunksAtOnce() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll).by(args -> args.charAt(0));
    NeuralBridge bridge = builder(worker, TestWorker.of(c -> Outcome.completed())).build();
    enqueue(bridge, "a1", "a2", "b1", "a3", "a4");
    bridge.enqueue(TestWorker.TYPE.request("other"));

    Drained drained = bridge.drain();

    assertThat(worker.calls())
        .containsExactly(List.of("a1", "a2", "a3"), List.of("b1"), List.of("a4"));
    assertThat(drained.count(JobState.COMPLETED)).isEqualTo(6);
  }

  @Test
  void closingHandsBackWhatWasGathered() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    NeuralBridge bridge = startAndGather(worker, "a", "b");

    bridge.close();

    assertThat(worker.calls()).isEmpty();
    assertThat(jobs)
        .allSatisfy(
            job -> {
              assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE);
              assertThat(find(job).attempt()).isZero();
            });
  }

  @Test
  void aQueueThatIsStoppedHandsBackWhatWasGathered() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    NeuralBridge bridge = startAndGather(worker, "a", "b");

    bridge.queues().stop("default");

    Signals.until(() -> store.counts().get(JobState.AVAILABLE) == 2);
    bridge.queues().start("default");
    untilLeased(2);
    clock.advance(T);
    signals.settledAll(4);
    assertThat(worker.calls()).containsExactly(List.of("a", "b"));
  }

  @Test
  void aJobThatMayHaveKilledItsProcessRunsAlone() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    NeuralBridge client = builder(worker).build();
    Job suspect = enqueue(client, "suspect").get(0);
    long dead = store.join("dead", Duration.ofDays(1));
    store.claim(new Claim("default", dead, 1));
    store.leave(dead);
    store.rescue(3);
    assertThat(find(suspect).crashes()).isEqualTo(1);
    List<Job> others = enqueue(client, "a", "b");

    start(chunks(worker));

    signals.settled(suspect);
    assertThat(worker.calls()).containsExactly(List.of("suspect"));
    untilLeased(2);
    clock.advance(T);
    others.forEach(job -> Signals.until(() -> stateOf(job) == JobState.COMPLETED));
    assertThat(worker.calls()).containsExactly(List.of("suspect"), List.of("a", "b"));
  }

  @Test
  void jobsThatRunAloneAreNotHeldUpByThoseThatAreGathered() {
    ChunkTestWorker worker = ChunkTestWorker.of(50, T, ChunkTestWorker::completeAll);
    NeuralBridge bridge =
        start(chunks(worker).worker(TestWorker.of(c -> Outcome.completed())).queue("default", 2));
    enqueue(bridge, 20);
    untilLeased(20);

    List<Job> alone =
        bridge.enqueueAll(
            IntStream.range(0, 30).mapToObj(i -> TestWorker.TYPE.request("x")).toList());

    alone.forEach(job -> signals.settled(job));
    clock.advance(T);
    signals.settledAll(50);
    assertThat(worker.calls()).hasSize(1);
  }

  @Test
  void whatWasGatheredRunsWhileTheStoreIsAway() {
    ChunkTestWorker worker = ChunkTestWorker.of(3, T, ChunkTestWorker::completeAll);
    startAndGather(worker, "a", "b");

    store.goAway();
    clock.advance(T);
    Signals.until(() -> worker.calls().size() == 1);

    store.comeBack();
    signals.settledAll(2);
  }
}
