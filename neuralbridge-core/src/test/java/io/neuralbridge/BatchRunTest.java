package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.flow.Batch;
import io.neuralbridge.flow.BatchProgress;
import io.neuralbridge.flow.BatchRun;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Batches that run. */
class BatchRunTest extends EngineTestBase {

  private static final JobType<Integer> WORK = JobType.of("work", Integer.class).withMaxAttempts(1);
  private static final JobType<String> CALL = JobType.of("call", String.class);

  private final Queue<String> called = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean failing = new AtomicBoolean();

  private final TestWorker<Integer> work =
      TestWorker.of(
          WORK,
          context -> {
            if (failing.get() && context.args() % 10 == 3) {
              throw new IllegalStateException("as it was told");
            }
            return Outcome.completed();
          });
  private final TestWorker<String> callback =
      TestWorker.of(
          CALL,
          context -> {
            BatchProgress progress = BatchRun.of(context).progress();
            called.add(context.args() + " " + progress.completed() + "/" + progress.total());
            return Outcome.completed();
          });

  private static Stream<JobRequest<Integer>> work(int from, int to) {
    return IntStream.range(from, to).mapToObj(WORK::request);
  }

  private static Batch batch() {
    return Batch.named("batch")
        .onCompleted(CALL.request("completed"))
        .onFailure(CALL.request("failed"))
        .onFinished(CALL.request("finished"));
  }

  private BatchProgress finished(BatchRun run, int callbacks) {
    Signals.until(() -> run.progress().isFinished() && called.size() == callbacks);
    return run.progress();
  }

  @Test
  void callbacksRunWhenAllHaveCompleted() {
    NeuralBridge bridge = start(work, callback);
    BatchRun run = batch().addAll(work(0, 20)).enqueue(bridge);

    BatchProgress progress = finished(run, 2);
    assertThat(called).containsExactlyInAnyOrder("completed 20/20", "finished 20/20");
    assertThat(progress.total()).isEqualTo(20);
    assertThat(progress.completed()).isEqualTo(20);
    assertThat(progress.failed()).isZero();
    assertThat(progress.running()).isZero();
    assertThat(progress.waiting()).isZero();
    assertThat(progress.done()).isEqualTo(1);
    assertThat(BatchRun.find(bridge, run.id())).isPresent();
  }

  @Test
  void aBatchWithFailuresIsRetriedAndThenCompletes() {
    failing.set(true);
    NeuralBridge bridge = start(work, callback);
    BatchRun run = batch().addAll(work(0, 20)).enqueue(bridge);
    BatchProgress progress = finished(run, 2);
    assertThat(progress.failed()).isEqualTo(2);
    assertThat(called).hasSize(2).noneMatch(call -> call.startsWith("completed"));

    failing.set(false);
    assertThat(run.retry()).isEqualTo(3);
    assertThat(finished(run, 3).completed()).isEqualTo(20);
    assertThat(called).last().isEqualTo("completed 20/20");
  }

  @Test
  void aLargeStreamIsStoredInStepsAndThenSealed() {
    NeuralBridge bridge = builder(work, callback).build();
    AtomicBoolean closed = new AtomicBoolean();
    BatchRun run = batch().addAll(work(0, 2_500).onClose(() -> closed.set(true))).enqueue(bridge);

    assertThat(closed).isTrue();
    assertThat(run.progress().total()).isEqualTo(2_500);
    assertThat(run.progress().waiting()).isEqualTo(2_500);
    assertThat(run.progress().flow().open()).isFalse();
    bridge.drain();
    assertThat(called).containsExactlyInAnyOrder("completed 2500/2500", "finished 2500/2500");
    bridge.close();
  }

  @Test
  void aStreamThatBreaksCancelsWhatWasStored() {
    NeuralBridge bridge = builder(work, callback).build();
    Stream<JobRequest<Integer>> broken =
        work(0, 1_500)
            .peek(
                request -> {
                  if (request.args() == 1_200) {
                    throw new IllegalStateException("the source is gone");
                  }
                });
    Batch batch = batch().addAll(broken);

    assertThatThrownBy(() -> batch.enqueue(bridge)).hasMessage("the source is gone");
    bridge.drain();
    assertThat(store.counts())
        .containsEntry(JobState.CANCELLED, 1_001L)
        .containsEntry(JobState.AVAILABLE, 0L);
    assertThat(called).containsExactlyInAnyOrder("failed 0/1000", "finished 0/1000");
    bridge.close();
  }

  @Test
  void anEmptyBatchHasCompleted() {
    NeuralBridge bridge = start(work, callback);

    assertThat(finished(batch().enqueue(bridge), 2).done()).isEqualTo(1);
    BatchRun bare = Batch.named("bare").enqueue(bridge);
    Signals.until(() -> bare.progress().isFinished());
  }

  @Test
  void aJobAddsMoreToItsBatchAndAFinishedOneTakesNone() throws Exception {
    TestWorker<Integer> growing =
        TestWorker.of(
            WORK,
            context -> {
              if (context.args() < 3) {
                BatchRun.of(context).append(List.of(WORK.request(context.args() + 1)));
              }
              return Outcome.completed();
            });
    NeuralBridge bridge = start(growing, callback);
    BatchRun run = batch().add(WORK.request(0)).enqueue(bridge);

    assertThat(finished(run, 2).total()).isEqualTo(4);
    assertThat(called).containsExactlyInAnyOrder("completed 4/4", "finished 4/4");
    assertThatThrownBy(() -> run.append(List.of(WORK.request(9))))
        .isInstanceOf(FlowException.class)
        .hasMessageContaining("has finished");
  }

  @Test
  void anOpenBatchWaitsUntilItIsSealed() {
    NeuralBridge bridge = start(work, callback);
    BatchRun run = batch().add(WORK.request(0)).open().enqueue(bridge);
    Signals.until(() -> run.progress().completed() == 1);

    run.append(List.of(WORK.request(1)));
    Signals.until(() -> run.progress().completed() == 2);
    assertThat(called).isEmpty();
    assertThat(run.seal()).isTrue();
    finished(run, 2);
  }

  @Test
  void aBatchMayBeCancelledWhileItRuns() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    TestWorker<Integer> blocking =
        TestWorker.of(
            WORK,
            context -> {
              running.countDown();
              new CountDownLatch(1).await();
              return Outcome.completed();
            });
    NeuralBridge bridge = start(blocking, callback);
    BatchRun run = batch().addAll(work(0, 30)).open().enqueue(bridge);
    Signals.await(running);

    assertThat(run.cancel()).isEqualTo(30);
    assertThat(finished(run, 2).failed()).isEqualTo(30);
    assertThat(called).allMatch(call -> call.startsWith("f"));
  }

  @Test
  void aBatchIsEnqueuedOnce() {
    NeuralBridge bridge = start(work, callback);
    Batch batch = batch();
    batch.enqueue(bridge);

    assertThatThrownBy(() -> batch.enqueue(bridge)).hasMessageContaining("enqueued before");
  }
}
