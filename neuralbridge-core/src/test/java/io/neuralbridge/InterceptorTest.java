package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.InvalidArgsException;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobException;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobInterceptor;
import io.neuralbridge.worker.JobTimeoutException;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** What stands around the runs of a node. */
class InterceptorTest extends EngineTestBase {

  private final List<String> steps = new CopyOnWriteArrayList<>();

  private JobInterceptor noting(String name) {
    return (context, work) -> {
      steps.add(name + " before " + context.args());
      try {
        return work.proceed();
      } finally {
        steps.add(name + " after");
      }
    };
  }

  private final TestWorker<String> worker =
      TestWorker.of(
          context -> {
            steps.add("work");
            return Outcome.completed("done");
          });

  private Job run(Builder builder) {
    Job job = start(builder).enqueue(TYPE.request("x"));
    signals.settled(job);
    return find(job);
  }

  private String errorCode(Job job) {
    return store.errors(job.id()).get(0).code();
  }

  @Test
  void theFirstIsTheOutermost() {
    Job job = run(builder(worker).interceptor(noting("first")).interceptor(noting("second")));

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(steps)
        .containsExactly(
            "first before x", "second before x", "work", "second after", "first after");
  }

  @Test
  void thoseOfExtensionsStandFurtherIn() {
    run(
        builder(worker)
            .install(installer -> installer.interceptor(noting("extension")))
            .interceptor(noting("host")));

    assertThat(steps.subList(0, 3)).containsExactly("host before x", "extension before x", "work");
  }

  @Test
  void oneMayKeepTheWorkerFromWorkingAndAnswerForIt() {
    Job job =
        run(
            builder(worker)
                .interceptor(
                    (context, work) -> Outcome.cancelled("not on a " + context.job().kind())));

    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(steps).isEmpty();
  }

  @Test
  void oneMayChangeWhatTheWorkerAnswered() {
    Job job =
        run(
            builder(worker)
                .interceptor(
                    (context, work) ->
                        work.proceed() instanceof Outcome.Completed done
                            ? Outcome.completed(done.result() + " and wrapped")
                            : Outcome.failed(new AssertionError())));

    assertThat(job.result()).isEqualTo("\"done and wrapped\"");
  }

  @Test
  void whatOneThrowsIsAFailureOfTheAttempt() {
    Job job =
        run(
            builder(worker)
                .interceptor(
                    (context, work) -> {
                      if (context.job().attempt() == 1) {
                        throw new JobException("no_tenant", "nobody's job");
                      }
                      return work.proceed();
                    }));
    signals.settled(job, 2);

    assertThat(errorCode(job)).isEqualTo("no_tenant");
    assertThat(stateOf(job)).isEqualTo(JobState.COMPLETED);
    assertThat(steps).containsExactly("work");
  }

  @Test
  @SuppressWarnings("NullAway") // What a careless host does.
  void oneThatReturnsNothingIsNamed() {
    JobInterceptor careless = (context, work) -> null;

    Job job = run(builder(worker).interceptor(careless));

    assertThat(store.errors(job.id()).get(0).message())
        .contains("interceptor")
        .contains(careless.toString());
  }

  @Test
  void oneSeesWhyTheArgumentsCannotBeRead() {
    JobType<Integer> numbers = JobType.of("test", Integer.class).withMaxAttempts(1);
    NeuralBridge bridge =
        start(
            builder(TestWorker.of(numbers, context -> Outcome.completed()))
                .interceptor(
                    (context, work) -> {
                      try {
                        return work.proceed();
                      } catch (InvalidArgsException e) {
                        steps.add("seen");
                        throw e;
                      }
                    }));

    Job job = bridge.enqueue(TYPE.withMaxAttempts(1).request("no number"));

    signals.settled(job);
    assertThat(steps).containsExactly("seen");
    assertThat(errorCode(job)).isEqualTo("invalid_args");
  }

  @Test
  void oneRunsWithinTheTimeoutAndTheLoggingContext() {
    WorkerOptions brief = WorkerOptions.defaults().withTimeout(Duration.ofMillis(20));
    JobType<String> once = TYPE.withMaxAttempts(1);
    NeuralBridge bridge =
        start(
            builder(new TestWorker<>(once, brief, context -> Outcome.completed()))
                .interceptor(
                    (context, work) -> {
                      steps.add(String.valueOf(MDC.get("neuralbridge.job")));
                      new CountDownLatch(1).await();
                      return work.proceed();
                    }));

    Job job = bridge.enqueue(once.request("x"));

    signals.settled(job);
    assertThat(steps).containsExactly(Long.toString(job.id()));
    assertThat(errorCode(job)).isEqualTo(new JobTimeoutException("").code());
  }

  @Test
  void noneStandsAroundWhatIsNotWorkedOn() {
    NeuralBridge bridge = start(builder(worker).interceptor(noting("interceptor")));

    Job unknown = bridge.enqueue(JobType.of("unknown", String.class).request("x"));

    signals.settled(unknown);
    assertThat(steps).isEmpty();
  }

  @Test
  void theyStandAroundDrainedJobsToo() {
    try (NeuralBridge bridge = builder(worker).interceptor(noting("first")).build()) {
      bridge.enqueue(TYPE.request("x"));
      bridge.drain();
    }

    assertThat(steps).containsExactly("first before x", "work", "first after");
  }
}
