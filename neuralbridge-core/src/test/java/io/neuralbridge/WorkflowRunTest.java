package io.neuralbridge;

import static io.neuralbridge.flow.After.after;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.flow.Workflow;
import io.neuralbridge.flow.WorkflowRun;
import io.neuralbridge.flow.WorkflowStatus;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Workflows that run. */
class WorkflowRunTest extends EngineTestBase {

  private static final JobType<String> STEP = JobType.of("step", String.class).withMaxAttempts(1);
  private static final JobType<String> OTHER = JobType.of("other", String.class);

  private final Queue<String> ran = new ConcurrentLinkedQueue<>();
  private volatile boolean failing;

  private TestWorker<String> steps() {
    return TestWorker.of(
        STEP,
        context -> {
          ran.add(context.args());
          if (failing && context.args().startsWith("fail")) {
            throw new IllegalStateException("as it was told");
          }
          return Outcome.completed(context.args() + "!");
        });
  }

  private static JobRequest<String> step(String args) {
    return STEP.request(args);
  }

  private static WorkflowStatus finished(WorkflowRun run) {
    Signals.until(() -> run.status().isFinished());
    return run.status();
  }

  @Test
  void jobsRunInTheirOrderAndReadWhatThoseBeforeThemReturned() {
    TestWorker<String> sum =
        TestWorker.of(
            OTHER,
            context -> {
              WorkflowRun run = WorkflowRun.of(context);
              Map<String, String> parts = run.results("part", String.class);
              String load = run.result("load", String.class).orElseThrow();
              return Outcome.completed(load + parts);
            });
    NeuralBridge bridge = start(steps(), sum);
    WorkflowRun run =
        Workflow.named("sums")
            .add("load", step("load"))
            .addAll("part", List.of(step("a"), step("b"), step("c")), after("load"))
            .add("sum", OTHER.request("sum"), after("part"))
            .enqueue(bridge);

    WorkflowStatus status = finished(run);
    assertThat(status.jobs().keySet()).containsExactly("load", "part.0", "part.1", "part.2", "sum");
    assertThat(status.flow().count(JobState.COMPLETED)).isEqualTo(5);
    assertThat(ran).first().isEqualTo("load");
    assertThat(run.result("sum", String.class)).contains("load!{part.0=a!, part.1=b!, part.2=c!}");
    assertThat(WorkflowRun.find(bridge, run.id())).isPresent();
    assertThat(WorkflowRun.find(bridge, 4711)).isEmpty();
  }

  @Test
  void aFailureGivesUpWhatComesAfterAndARetryGoesOnFromThere() {
    failing = true;
    NeuralBridge bridge = start(steps());
    WorkflowRun run =
        Workflow.named("w")
            .add("first", step("first"))
            .add("second", step("fail"), after("first"))
            .add("third", step("third"), after("second"))
            .add("always", step("always"), after("second").onFailure(FailurePolicy.IGNORE))
            .enqueue(bridge);

    WorkflowStatus status = finished(run);
    assertThat(status.state("second")).isEqualTo(JobState.DISCARDED);
    assertThat(status.state("third")).isEqualTo(JobState.CANCELLED);
    assertThat(status.state("always")).isEqualTo(JobState.COMPLETED);
    assertThat(status.failed()).isEqualTo(2);
    assertThat(bridge.errors(run.job("third").id()).get(0).message())
        .contains("job " + run.job("second").id());

    failing = false;
    assertThat(run.retry()).isEqualTo(2);
    assertThat(finished(run).failed()).isZero();
    assertThat(ran).containsExactly("first", "fail", "always", "fail", "third");
  }

  @Test
  void aWorkflowMayBeCancelledWhileItRuns() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    TestWorker<String> blocking =
        TestWorker.of(
            OTHER,
            context -> {
              running.countDown();
              new CountDownLatch(1).await();
              return Outcome.completed();
            });
    NeuralBridge bridge = start(steps(), blocking);
    WorkflowRun run =
        Workflow.named("w")
            .add("wait", OTHER.request("x"))
            .add("then", step("then"), after("wait"))
            .enqueue(bridge);
    Signals.await(running);

    assertThat(run.cancel()).isEqualTo(2);
    assertThat(finished(run).flow().count(JobState.CANCELLED)).isEqualTo(2);
    assertThat(ran).isEmpty();
  }

  @Test
  void aJobMayAddMoreToItsWorkflow() {
    TestWorker<String> planner =
        TestWorker.of(
            OTHER,
            context -> {
              addParts(context);
              return Outcome.completed(List.of("a", "b", "c"));
            });
    NeuralBridge bridge = start(steps(), planner);
    WorkflowRun run = Workflow.named("w").add("plan", OTHER.request("3")).enqueue(bridge);

    Signals.until(() -> run.status().jobs().containsKey("sum"));
    WorkflowStatus status = finished(run);
    assertThat(status.jobs().keySet()).containsExactly("plan", "part.0", "part.1", "part.2", "sum");
    assertThat(ran).hasSize(4).last().isEqualTo("sum");
  }

  private static void addParts(JobContext<String> context) {
    List<JobRequest<String>> parts =
        IntStream.range(0, Integer.parseInt(context.args()))
            .mapToObj(i -> step("part " + i))
            .toList();
    WorkflowRun.of(context)
        .append(
            Workflow.named("more")
                .addAll("part", parts)
                .add("sum", step("sum"), after("part"), after("plan")));
  }

  @Test
  void moreMayComeFromOutsideWhileItRunsAndAfter() {
    NeuralBridge bridge = start(steps());
    WorkflowRun run =
        Workflow.named("w").addAll("part", List.of(step("a"), step("b"))).enqueue(bridge);
    finished(run);

    Map<String, Job> added =
        run.append(Workflow.named("more").add("sum", step("sum"), after("part")));

    assertThat(added).containsOnlyKeys("sum");
    Signals.until(() -> run.status().state("sum") == JobState.COMPLETED);
    assertThatThrownBy(() -> run.append(Workflow.named("more").add("sum", step("sum"))))
        .isInstanceOf(FlowException.class)
        .hasMessageContaining("'sum'");
    assertThatThrownBy(() -> run.append(Workflow.named("more").add("x", step("x"), after("summ"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean 'sum'");
  }

  @Test
  void anUnknownNameOfAResultIsRefusedWithTheOneThatWasMeant() {
    NeuralBridge bridge = start(steps());
    WorkflowRun run = Workflow.named("w").addAll("part", List.of(step("a"))).enqueue(bridge);
    finished(run);

    assertThatThrownBy(() -> run.result("part.1", String.class))
        .hasMessageContaining("'part.1'", "did you mean 'part.0'");
    assertThatThrownBy(() -> run.status().state("prat.0")).hasMessageContaining("part.0");
    assertThat(run.results("none", String.class)).isEmpty();
  }

  @Test
  void aResultOfAnotherTypeIsNamed() {
    NeuralBridge bridge = start(steps());
    WorkflowRun run = Workflow.named("w").add("a", step("a")).enqueue(bridge);
    finished(run);

    assertThatThrownBy(() -> run.result("a", Integer.class))
        .hasMessageContaining("(step) is not a Integer");
  }

  @Test
  void aJobOutsideOfAWorkflowHasNone() {
    NeuralBridge bridge =
        start(TestWorker.of(OTHER, context -> Outcome.completed(WorkflowRun.of(context).id())));
    Job job = bridge.enqueue(OTHER.withMaxAttempts(1).request("x"));

    signals.settled(job);
    assertThat(bridge.errors(job.id()).get(0).message()).contains("belongs to no workflow");
  }

  @Test
  void aWorkflowWithoutJobsIsRefused() {
    assertThatThrownBy(() -> Workflow.named("w").enqueue(start()))
        .hasMessageContaining("'w' has no jobs");
  }

  @Test
  void theFlowchartShowsWhereEachJobStands() {
    failing = true;
    NeuralBridge bridge = start(steps());
    WorkflowRun run =
        Workflow.named("w")
            .add("a", step("fail"))
            .add("b", step("b"), after("a").onFailure(FailurePolicy.HOLD))
            .enqueue(bridge);
    Signals.until(() -> run.status().state("a") == JobState.DISCARDED);

    assertThat(run.toMermaid())
        .startsWith(
            """
            flowchart TD
              j0["a<br/>discarded"]:::discarded
              j1["b<br/>suspended"]:::suspended
              j0 -->|hold| j1
            """)
        .contains("classDef discarded", "classDef suspended");
  }

  @Test
  void aWideWorkflowIsDrainedInTheCallersThread() {
    NeuralBridge bridge = builder(steps()).build();
    WorkflowRun run =
        Workflow.named("w")
            .add("first", step("first"))
            .addAll("part", Collections.nCopies(300, step("part")), after("first"))
            .add("last", step("last"), after("part"))
            .enqueue(bridge);

    bridge.drain();
    assertThat(run.status().flow().count(JobState.COMPLETED)).isEqualTo(302);
    assertThat(ran).hasSize(302).first().isEqualTo("first");
    assertThat(ran).last().isEqualTo("last");
    bridge.close();
  }

  @Test
  void aStoredJobMayBeWaitedForWithoutAWorkflow() {
    NeuralBridge bridge = start(steps());
    Job first = bridge.enqueue(step("first"));
    Job second = bridge.enqueue(step("second").after(first));

    signals.settled(second);
    assertThat(ran).containsExactly("first", "second");
  }
}
