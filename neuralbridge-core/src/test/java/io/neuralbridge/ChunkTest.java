package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChunkTest {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<List<Long>> calls = new ArrayList<>();

  private interface Work {
    Map<Long, Outcome> run(List<JobContext<String>> contexts) throws Exception;
  }

  private ChunkWorker<String> worker(Work work) {
    return new ChunkWorker<>() {
      @Override
      public JobType<String> type() {
        return TestWorker.TYPE;
      }

      @Override
      public Map<Long, Outcome> workAll(List<JobContext<String>> contexts) throws Exception {
        calls.add(contexts.stream().map(context -> context.job().id()).sorted().toList());
        return work.run(contexts);
      }
    };
  }

  private static Map<Long, Outcome> completeAll(List<JobContext<String>> contexts) {
    Map<Long, Outcome> outcomes = new HashMap<>();
    contexts.forEach(
        context -> outcomes.put(context.job().id(), Outcome.completed(context.job().id())));
    return outcomes;
  }

  private static JobContext<String> context(long id) {
    Job job = SettlerTest.lease(1, 3).job();
    Job own = new Job(id, job.spec(), job.state(), 1, 0, job.createdAt(), job.runAt(), null, null);
    return new JobContext<>() {
      @Override
      public Job job() {
        return own;
      }

      @Override
      public String args() {
        return "x";
      }

      @Override
      public boolean isCancelled() {
        return false;
      }
    };
  }

  private Future<Outcome> join(Chunk chunk, ChunkWorker<String> worker, long id) {
    return threads.submit(() -> chunk.work(worker, context(id)));
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void allJobsRunInOneCallAndEachGetsItsOutcome() throws Exception {
    ChunkWorker<String> worker = worker(ChunkTest::completeAll);
    Chunk chunk = new Chunk(Set.of(1L, 2L, 3L), threads);

    List<Future<Outcome>> outcomes =
        List.of(join(chunk, worker, 1), join(chunk, worker, 2), join(chunk, worker, 3));

    assertThat(outcomes.get(1).get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.completed(2L));
    assertThat(outcomes.get(2).get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.completed(3L));
    assertThat(calls).containsExactly(List.of(1L, 2L, 3L));
  }

  @Test
  void whatWillNotComeIsNotWaitedFor() throws Exception {
    ChunkWorker<String> worker = worker(ChunkTest::completeAll);
    Chunk chunk = new Chunk(Set.of(1L, 2L), threads);
    Future<Outcome> one = join(chunk, worker, 1);

    chunk.absent(2);

    assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.completed(1L));
    assertThat(calls).containsExactly(List.of(1L));
  }

  @Test
  void aMissingOutcomeFailsItsJobAlone() throws Exception {
    ChunkWorker<String> worker = worker(contexts -> Map.of(1L, Outcome.completed()));
    Chunk chunk = new Chunk(Set.of(1L, 2L), threads);

    Future<Outcome> one = join(chunk, worker, 1);
    Future<Outcome> two = join(chunk, worker, 2);

    assertThat(one.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.completed());
    assertThatThrownBy(() -> two.get(30, TimeUnit.SECONDS))
        .hasRootCauseMessage(
            "the chunk worker returned no outcome for job 2; it must return one for each job");
  }

  @Test
  void anExceptionFailsAll() throws Exception {
    ChunkWorker<String> worker =
        worker(
            contexts -> {
              throw new IllegalStateException("provider is down");
            });
    Chunk chunk = new Chunk(Set.of(1L, 2L), threads);

    Future<Outcome> one = join(chunk, worker, 1);
    Future<Outcome> two = join(chunk, worker, 2);

    assertThat(((Outcome.Failed) one.get(30, TimeUnit.SECONDS)).cause())
        .hasMessage("provider is down");
    assertThat(((Outcome.Failed) two.get(30, TimeUnit.SECONDS)).cause())
        .hasMessage("provider is down");
  }

  @Test
  void oneThatIsStoppedLeavesTheOthersAlone() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ChunkWorker<String> worker =
        worker(
            contexts -> {
              entered.countDown();
              go.await();
              return completeAll(contexts);
            });
    Chunk chunk = new Chunk(Set.of(1L, 2L), threads);
    Future<Outcome> one = join(chunk, worker, 1);
    Future<Outcome> two = join(chunk, worker, 2);
    Signals.await(entered);

    one.cancel(true);
    go.countDown();

    assertThat(two.get(30, TimeUnit.SECONDS)).isEqualTo(Outcome.completed(2L));
  }

  @Test
  void theCallIsInterruptedWhenNobodyWaitsForIt() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    ChunkWorker<String> worker =
        worker(
            contexts -> {
              entered.countDown();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return Map.of();
            });
    Chunk chunk = new Chunk(Set.of(1L, 2L), threads);
    Future<Outcome> one = join(chunk, worker, 1);
    Future<Outcome> two = join(chunk, worker, 2);
    Signals.await(entered);

    one.cancel(true);
    two.cancel(true);

    Signals.await(interrupted);
  }
}
