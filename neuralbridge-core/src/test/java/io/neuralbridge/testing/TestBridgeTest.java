package io.neuralbridge.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.QueueOptions;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.Unique;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.RateLimit;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Schedule;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TestBridgeTest {

  private static final JobType<Greeting> GREET = JobType.of("greet", Greeting.class);

  private final List<String> greeted = new ArrayList<>();
  private final TestBridge bridge = TestBridge.of(new Greeter());

  record Greeting(String name) {}

  /** Fails at its first attempt to greet Bob. */
  private final class Greeter implements Worker<Greeting> {

    @Override
    public JobType<Greeting> type() {
      return GREET;
    }

    @Override
    public WorkerOptions options() {
      return WorkerOptions.defaults().withRetryPolicy(RetryPolicy.fixed(Duration.ofMinutes(10)));
    }

    @Override
    public Outcome work(JobContext<Greeting> context) {
      String name = context.args().name();
      if (name.equals("Bob") && context.job().attempt() == 1) {
        throw new IllegalStateException("Bob is out");
      }
      greeted.add(name);
      return Outcome.completed("hello " + name);
    }
  }

  private Instant at(Duration sinceStart) {
    return TestBridge.START.plus(sinceStart);
  }

  @AfterEach
  void close() {
    bridge.close();
  }

  @Test
  void tellsWhatWasEnqueued() {
    NeuralBridge jobs = bridge.jobs();
    Job ada = jobs.enqueue(GREET.request(new Greeting("Ada")));
    jobs.enqueue(GREET.request(new Greeting("Eve")).in(Duration.ofDays(1)));

    assertThat(bridge.args(GREET)).containsExactly(new Greeting("Ada"), new Greeting("Eve"));
    assertThat(bridge.enqueued(GREET))
        .extracting(Job::state)
        .containsExactly(JobState.AVAILABLE, JobState.SCHEDULED);
    assertThat(bridge.enqueued(JobType.of("other", String.class))).isEmpty();
    assertThat(greeted).as("nothing runs by itself").isEmpty();

    bridge.drain();

    assertThat(greeted).containsExactly("Ada");
    assertThat(bridge.args(GREET)).containsExactly(new Greeting("Eve"));
    assertThat(bridge.jobs().find(ada.id()).orElseThrow().result(String.class))
        .contains("hello Ada");
  }

  @Test
  void advanceRunsEachJobWhenItIsDue() {
    bridge.jobs().enqueue(GREET.request(new Greeting("Eve")).in(Duration.ofHours(2)));
    bridge.jobs().enqueue(GREET.request(new Greeting("Bob")).in(Duration.ofHours(1)));
    bridge.jobs().enqueue(GREET.request(new Greeting("Zoe")).in(Duration.ofHours(3)));

    List<Job> ran = bridge.advance(Duration.ofHours(2)).jobs();

    assertThat(greeted).containsExactly("Bob", "Eve");
    assertThat(ran)
        .extracting(Job::state)
        .containsExactly(JobState.RETRYABLE, JobState.COMPLETED, JobState.COMPLETED);
    assertThat(ran.get(1).finishedAt()).isEqualTo(at(Duration.ofMinutes(70)));
    assertThat(bridge.clock().instant()).isEqualTo(at(Duration.ofHours(2)));
  }

  @Test
  void advanceRunsRecurringJobs() {
    try (TestBridge recurring =
        TestBridge.of(
            builder ->
                builder
                    .worker(new Greeter())
                    .recurring(
                        Recurring.of(
                            "hourly",
                            Schedule.every(Duration.ofHours(1)),
                            GREET.request(new Greeting("all")))))) {
      recurring.advance(Duration.ofHours(3));
    }
    assertThat(greeted).hasSize(3);
  }

  @Test
  void advanceRunsJobsThatWaitForAQueuesRate() {
    QueueLimits slow = QueueLimits.NONE.withRate(RateLimit.perMinute(1));
    try (TestBridge limited =
        TestBridge.of(
            builder ->
                builder
                    .worker(new Greeter())
                    .queue("default", QueueOptions.waiting(10).withLimits(slow)))) {
      for (String name : List.of("Ada", "Eve", "Zoe")) {
        limited.jobs().enqueue(GREET.request(new Greeting(name)));
      }

      limited.advance(Duration.ZERO);
      assertThat(greeted).containsExactly("Ada");

      limited.advance(Duration.ofMinutes(2));
      assertThat(greeted).containsExactly("Ada", "Eve", "Zoe");
    }
  }

  @Test
  void advanceRefusesToGoBack() {
    assertThatThrownBy(() -> bridge.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT-1S");
  }

  @Test
  void runRunsOneJobAloneWheneverItIsDue() {
    bridge.jobs().enqueue(GREET.request(new Greeting("Eve")));

    Job ran = bridge.run(GREET.request(new Greeting("Ada")).in(Duration.ofDays(1)));

    assertThat(ran.state()).isEqualTo(JobState.COMPLETED);
    assertThat(ran.result(String.class)).contains("hello Ada");
    assertThat(greeted).containsExactly("Ada");
  }

  @Test
  void runTellsOfAFailure() {
    Job ran = bridge.run(GREET.request(new Greeting("Bob")));

    assertThat(ran.state()).isEqualTo(JobState.RETRYABLE);
    assertThat(ran.runAt()).isEqualTo(at(Duration.ofMinutes(10)));
    assertThat(bridge.jobs().errors(ran.id()))
        .singleElement()
        .satisfies(error -> assertThat(error.message()).contains("Bob is out"));
  }

  @Test
  void runMindsNoUniqueKey() {
    bridge.jobs().enqueue(GREET.withUnique(Unique.byArgs()).request(new Greeting("Ada")));

    Job ran = bridge.run(GREET.withUnique(Unique.byArgs()).request(new Greeting("Ada")));

    assertThat(ran.state()).isEqualTo(JobState.COMPLETED);
  }
}
