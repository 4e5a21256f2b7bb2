package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs that run together: when a call is made, and with which of them. */
class ChunkWorkerTest extends ChunkTestBase {

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
    others.forEach(job -> assertThat(signals.settled(job).state()).isEqualTo(JobState.AVAILABLE));
    untilLeased(2);
    clock.advance(T);
    others.forEach(job -> signals.settled(job, 2));
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

  @Test
  void withoutAnyTimeToWaitACallGetsWhatIsDueTogether() {
    ChunkTestWorker worker = ChunkTestWorker.of(50, Duration.ZERO, ChunkTestWorker::completeAll);
    enqueue(builder(worker).build(), 120);

    start(chunks(worker).queue("default", 1));

    signals.settledAll(120);
    assertThat(worker.calls()).extracting(List::size).containsExactly(50, 50, 20);
  }

  @Test
  void aJobWhoseCommonPropertyCannotBeComparedRunsAlone() {
    ChunkTestWorker worker =
        ChunkTestWorker.of(2, Duration.ZERO, ChunkTestWorker::completeAll).by(Incomparable::new);

    enqueue(start(chunks(worker)), "a", "b");

    signals.settledAll(2);
    assertThat(worker.calls()).containsExactlyInAnyOrder(List.of("a"), List.of("b"));
  }

  @Test
  void whatHasItsPermitsKeepsThemWhileItWaitsForASlot() throws Exception {
    ChunkTestWorker worker = ChunkTestWorker.of(5, Duration.ZERO, this::blocked).by(args -> args);
    QueueOptions options =
        QueueOptions.waiting(1)
            .withLimits(QueueLimits.NONE.withRate(RateLimit.of(5, Duration.ofHours(1))));
    NeuralBridge client = builder(worker).build();
    jobs = enqueue(client, "a", "b", "c", "d", "e");
    NeuralBridge bridge = start(chunks(worker).queue("default", options));
    Signals.await(entered);
    untilLeased(5);
    longerThanOthersMayWait();

    bridge.cancel(jobs.get(4).id());
    assertThat(signals.settled(jobs.get(4)).state()).isEqualTo(JobState.CANCELLED);
    release.countDown();

    signals.settledAll(5);
    assertThat(store.counts().get(JobState.COMPLETED)).isEqualTo(4);
  }

  private void longerThanOthersMayWait() {
    long end = System.nanoTime() + Slots.LONGEST_WAIT.multipliedBy(2).toNanos();
    Signals.until(() -> System.nanoTime() - end > 0);
  }

  private record Incomparable(String args) {
    @Override
    public int hashCode() {
      throw new IllegalStateException("no hash of " + args);
    }
  }
}
