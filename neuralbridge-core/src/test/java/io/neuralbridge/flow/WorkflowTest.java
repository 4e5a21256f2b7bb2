package io.neuralbridge.flow;

import static io.neuralbridge.flow.After.after;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.Unique;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a definition takes and refuses, before anything is stored. */
class WorkflowTest {

  private static final JobType<String> TYPE = JobType.of("step", String.class);

  private static JobRequest<String> step() {
    return TYPE.request("x");
  }

  private static Workflow workflow() {
    return Workflow.named("plan");
  }

  /** What each job needs, by names, in the order in which the jobs would be stored. */
  private static Map<String, List<String>> needs(Workflow workflow) {
    List<JobRequest<?>> requests =
        workflow.requests(FlowRef.Fresh.of(FlowKind.WORKFLOW, "x", false), name -> List.of());
    List<String> names = new ArrayList<>();
    Map<String, List<String>> needs = new LinkedHashMap<>();
    for (JobRequest<?> request : requests) {
      Membership membership = request.options().ties().membership();
      names.add(membership.name());
      needs.put(
          membership.name(),
          request.options().ties().needs().stream()
              .map(need -> names.get((int) need.target()))
              .toList());
    }
    return needs;
  }

  @Test
  void jobsComeAfterOthers() {
    Workflow workflow =
        workflow()
            .add("load", step())
            .add("left", step(), after("load"))
            .add("right", step(), after("load"))
            .add("join", step(), after("left", "right"));

    assertThat(needs(workflow))
        .containsExactly(
            Map.entry("load", List.of()),
            Map.entry("left", List.of("load")),
            Map.entry("right", List.of("load")),
            Map.entry("join", List.of("left", "right")));
  }

  @Test
  void aNameMayBeUsedBeforeItIsAdded() {
    Workflow workflow = workflow().add("use", step(), after("load")).add("load", step());

    assertThat(needs(workflow))
        .containsExactly(Map.entry("load", List.of()), Map.entry("use", List.of("load")));
  }

  @Test
  void manyMayBeAddedUnderOneName() {
    Workflow workflow =
        workflow()
            .add("load", step())
            .addAll("part", List.of(step(), step()), after("load"))
            .add("sum", step(), after("part"))
            .add("first", step(), after("part.0"));

    assertThat(needs(workflow))
        .containsEntry("part.0", List.of("load"))
        .containsEntry("part.1", List.of("load"))
        .containsEntry("sum", List.of("part.0", "part.1"))
        .containsEntry("first", List.of("part.0"));
  }

  @Test
  void whatComesAfterNothingOfManyComesAfterWhatThoseComeAfter() {
    Workflow workflow =
        workflow()
            .add("load", step())
            .addAll("part", List.of(), after("load"))
            .addAll("again", List.of(), after("part"))
            .add("sum", step(), after("again"));

    assertThat(needs(workflow)).containsEntry("sum", List.of("load"));
  }

  @Test
  void aWorkflowMayBePartOfAnother() {
    Workflow inner =
        Workflow.named("inner")
            .add("one", step())
            .addAll("many", List.of(step(), step()), after("one"));
    Workflow workflow =
        workflow()
            .add("load", step())
            .add("part", inner, after("load"))
            .add("sum", step(), after("part"))
            .add("some", step(), after("part.many"));
    inner.add("later", step());

    assertThat(needs(workflow))
        .containsEntry("part.one", List.of("load"))
        .containsEntry("part.many.0", List.of("part.one"))
        .containsEntry("part.many.1", List.of("part.one"))
        .containsEntry("sum", List.of("part.one", "part.many.0", "part.many.1"))
        .containsEntry("some", List.of("part.many.0", "part.many.1"))
        .doesNotContainKey("part.later");
  }

  @Test
  void eachNeedHasItsPolicy() {
    Workflow workflow =
        workflow()
            .add("a", step())
            .add("b", step())
            .add("c", step(), after("a"), after("b").onFailure(FailurePolicy.HOLD));

    assertThat(
            workflow
                .requests(FlowRef.Fresh.of(FlowKind.WORKFLOW, "x", false), name -> List.of())
                .get(2)
                .options()
                .ties()
                .needs())
        .containsExactly(
            Need.position(0, FailurePolicy.CANCEL), Need.position(1, FailurePolicy.HOLD));
  }

  @Test
  void whatARequestNeedsAndItsChainAreKept() {
    JobRequest<String> request = step().inChain("k");
    Workflow workflow = workflow().add("a", step()).add("b", request, after("a"));

    assertThat(
            workflow
                .requests(FlowRef.Fresh.of(FlowKind.WORKFLOW, "x", false), name -> List.of())
                .get(1)
                .options()
                .ties()
                .chain())
        .isEqualTo(request.options().ties().chain());
  }

  @Test
  void aCycleIsRefusedByTheCallThatClosesItAndNamed() {
    Workflow workflow =
        workflow().add("use", step(), after("embed")).add("embed", step(), after("load"));

    assertThatThrownBy(() -> workflow.add("load", step(), after("use")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("workflow 'plan' would have a cycle: load after use after embed after load");
  }

  @Test
  void aJobCannotComeAfterItself() {
    assertThatThrownBy(() -> workflow().add("a", step(), after("a")))
        .hasMessageContaining("cycle: a after a");
  }

  @Test
  void aCycleThroughManyOrThroughAPartIsRefused() {
    Workflow many = workflow().add("x", step(), after("part.0"));
    assertThatThrownBy(() -> many.addAll("part", List.of(step()), after("x")))
        .hasMessageContaining("part.0 after x after part.0");

    Workflow nothing = workflow().add("x", step(), after("part"));
    assertThatThrownBy(() -> nothing.addAll("part", List.of(), after("x")))
        .hasMessageContaining("part after x after part");

    Workflow parts = workflow().add("x", step(), after("part.one"));
    assertThatThrownBy(() -> parts.add("part", Workflow.named("i").add("one", step()), after("x")))
        .hasMessageContaining("part.one after x after part.one");
  }

  @Test
  void aLongWorkflowIsNoDeepRecursion() {
    Workflow workflow = workflow();
    int length = 20_000;
    for (int i = 0; i < length - 1; i++) {
      workflow.add("n" + i, step(), after("n" + (i + 1)));
    }
    assertThatThrownBy(() -> workflow.add("n" + (length - 1), step(), after("n0")))
        .hasMessageContaining("cycle");
  }

  @Test
  void anUnknownNameIsRefusedWithTheOneThatWasMeant() {
    Workflow workflow = workflow().add("ingest", step()).add("embed", step(), after("ingets"));

    assertThatThrownBy(workflow::toMermaid)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "job 'embed' of workflow 'plan' comes after 'ingets', which is not in it: did you mean 'ingest'?");
    assertThatThrownBy(() -> workflow().add("part", workflow))
        .hasMessageContaining("did you mean 'ingest'");
  }

  @Test
  void aNameIsTakenOnce() {
    Workflow workflow =
        workflow().add("a", step()).addAll("b", List.of(step())).add("c", Workflow.named("c"));

    for (String name : List.of("a", "b", "c")) {
      assertThatThrownBy(() -> workflow.add(name, step()))
          .hasMessageContaining("already", "'" + name + "'");
      assertThatThrownBy(() -> workflow.addAll(name, List.of())).hasMessageContaining("already");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "-a", "ä"})
  void aNameMustBeOne(String name) {
    assertThatThrownBy(() -> workflow().add(name, step()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "'");
  }

  @Test
  void aNameMayNotBeTooLongWithItsPart() {
    Workflow inner = Workflow.named("i").add("x".repeat(60), step());

    assertThatThrownBy(() -> workflow().add("y".repeat(60), inner))
        .hasMessageContaining("not a valid name");
  }

  @Test
  void oneNeedHasOnePolicy() {
    Workflow workflow =
        workflow()
            .addAll("part", Collections.nCopies(2, step()))
            .add("sum", step(), after("part"), after("part.1").onFailure(FailurePolicy.IGNORE));

    assertThatThrownBy(() -> needs(workflow))
        .hasMessageContaining("'sum'", "'part.1'", "CANCEL", "IGNORE");
  }

  @Test
  void aUniqueJobCannotBeTied() {
    JobRequest<String> unique = step().withUnique(Unique.byKind());
    Workflow workflow = workflow().add("a", unique);

    assertThatThrownBy(
            () ->
                workflow
                    .requests(FlowRef.Fresh.of(FlowKind.WORKFLOW, "x", false), name -> List.of())
                    .get(0)
                    .toNewJob())
        .hasMessageContaining("withoutUnique");
    assertThat(unique.withoutUnique().toNewJob().unique()).isNull();
  }

  @Test
  void namesOfWorkflowsAndBatchesAreBounded() {
    for (String name : List.of(" ", "x".repeat(201))) {
      assertThatThrownBy(() -> Workflow.named(name)).hasMessageContaining("1 to 200");
      assertThatThrownBy(() -> Batch.named(name)).hasMessageContaining("1 to 200");
      assertThatThrownBy(() -> Chain.of(name)).hasMessageContaining("1 to 200");
    }
  }

  @Test
  void aBatchHasOneCallbackAnEvent() {
    Batch batch = Batch.named("b").onFinished(step());

    assertThatThrownBy(() -> batch.onFinished(step())).hasMessageContaining("FINISHED");
  }

  @Test
  void aCallbackWaitsForItsBatchAlone() {
    assertThatThrownBy(
            () ->
                Stream.of(step().inChain("k"))
                    .map(
                        r ->
                            Batch.in(
                                new Membership(
                                    new FlowRef.Stored(1),
                                    null,
                                    io.neuralbridge.job.FlowEvent.FAILED),
                                r))
                    .toList())
        .hasMessageContaining("chain");
  }

  @Test
  void theFlowchartShowsWhatComesAfterWhat() {
    Workflow workflow =
        workflow()
            .add("load", step())
            .addAll("part", List.of(step(), step()), after("load"))
            .add(
                "sum",
                step(),
                after("part").onFailure(FailurePolicy.IGNORE),
                after("load").onFailure(FailurePolicy.HOLD));

    assertThat(workflow.toMermaid())
        .isEqualTo(
            """
            flowchart TD
              j0["load"]
              j1["part.0"]
              j2["part.1"]
              j3["sum"]
              j0 --> j1
              j0 --> j2
              j1 -.->|ignore| j3
              j2 -.->|ignore| j3
              j0 -->|hold| j3
            """);
  }
}
