package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Interceptors and unreadable arguments where many jobs share a call. */
class ChunkInterceptorTest extends ChunkTestBase {

  private final List<String> seen = new ArrayList<>();

  private final ChunkTestWorker worker =
      ChunkTestWorker.of(
          3,
          Duration.ZERO,
          contexts -> {
            Map<Long, Outcome> outcomes = new HashMap<>();
            contexts.forEach(
                context -> {
                  seen.add("work " + context.args());
                  outcomes.put(
                      context.job().id(),
                      context.args().equals("bad")
                          ? Outcome.failed(new IllegalStateException("bad"))
                          : Outcome.completed(contexts.size()));
                });
            return outcomes;
          });

  private List<Job> run(Builder builder, String... args) {
    try (NeuralBridge bridge = builder.build()) {
      List<Job> enqueued = enqueue(bridge, args);
      bridge.drain();
      return enqueued.stream().map(job -> bridge.find(job.id()).orElseThrow()).toList();
    }
  }

  @Test
  void standAroundEachJobOfACall() {
    JobInterceptor interceptor =
        (context, work) -> {
          seen.add("before " + context.args());
          Outcome outcome = work.proceed();
          seen.add("after " + context.args());
          return outcome;
        };

    List<Job> ran = run(builder(worker).interceptor(interceptor), "a", "b");

    assertThat(seen)
        .containsExactly("before a", "before b", "work a", "work b", "after b", "after a");
    assertThat(ran).extracting(job -> job.result(Integer.class)).containsExactly(2, 2);
  }

  @Test
  void oneThatDoesNotProceedKeepsItsJobAloneOutOfTheCall() {
    JobInterceptor interceptor =
        (context, work) -> {
          if (context.args().equals("stopped")) {
            return Outcome.cancelled("not now");
          }
          if (context.args().equals("broken")) {
            throw new IllegalStateException("broken");
          }
          return work.proceed();
        };

    List<Job> ran = run(builder(worker).interceptor(interceptor), "stopped", "a", "broken");

    assertThat(seen).containsExactly("work a");
    assertThat(ran)
        .extracting(Job::state)
        .containsExactly(JobState.CANCELLED, JobState.COMPLETED, JobState.DISCARDED);
  }

  @Test
  void oneSeesHowItsOwnJobFailed() {
    JobInterceptor interceptor =
        (context, work) -> {
          try {
            return work.proceed();
          } catch (IllegalStateException e) {
            seen.add(context.args() + " failed");
            return Outcome.completed("healed");
          }
        };

    List<Job> ran = run(builder(worker).interceptor(interceptor), "a", "bad");

    assertThat(seen).containsExactly("work a", "work bad", "bad failed");
    assertThat(ran.get(1).result(String.class)).isEqualTo("healed");
  }

  @Test
  void aJobWhoseArgumentsCannotBeReadIsParkedWithoutTheOthers() {
    JobType<int[]> other = JobType.of("chunked", int[].class);
    try (NeuralBridge bridge = builder(worker).build()) {
      Job unreadable = bridge.enqueue(other.request(new int[] {1}));
      Job fine = enqueue(bridge, "a").get(0);

      bridge.drain();

      assertThat(seen).containsExactly("work a");
      assertThat(bridge.find(fine.id()).orElseThrow().state()).isEqualTo(JobState.COMPLETED);
      Job parked = bridge.find(unreadable.id()).orElseThrow();
      assertThat(parked.state().isWaiting()).isTrue();
      assertThat(parked.attempt()).isZero();
      assertThat(errorCodes(bridge, unreadable)).containsExactly("invalid_args");
    }
  }

  @Test
  void manyStandAroundTheLargestChunk() {
    ChunkTestWorker large = ChunkTestWorker.of(1_000, Duration.ZERO, ChunkTestWorker::completeAll);
    Builder builder = builder(large);
    for (int i = 0; i < 10; i++) {
      builder.interceptor((context, work) -> work.proceed());
    }
    NeuralBridge bridge = start(builder);

    enqueue(bridge, 1_000);

    signals.settledAll(1_000);
    assertThat(store.counts().get(JobState.COMPLETED)).isEqualTo(1_000);
  }
}
