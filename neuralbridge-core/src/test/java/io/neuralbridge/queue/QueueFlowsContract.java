package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowLink;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.FlowStore.Which;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Flows: jobs that belong together, their names, their progress and their end. */
public abstract class QueueFlowsContract extends TieFixture {

  private static NewJob named(FlowRef flow, String name, Need... needs) {
    Ties ties = needs(List.of(needs)).withMembership(new Membership(flow, name, null));
    return job(ties);
  }

  private static Need position(int position) {
    return Need.position(position, FailurePolicy.CANCEL);
  }

  private static FlowRef workflow() {
    return FlowRef.Fresh.of(FlowKind.WORKFLOW, "wörk", false);
  }

  private Flow flow(Job job) {
    return queue.flows().find(job.flowId()).orElseThrow();
  }

  @Test
  void jobsOfOneInsertShareAFlow() {
    FlowRef flow = workflow();
    List<Job> jobs = queue.insert(List.of(named(flow, "a"), named(flow, "b", position(0)), free()));

    assertThat(jobs.get(0).flowId()).isNotNull().isEqualTo(jobs.get(1).flowId());
    assertThat(jobs.get(2).flowId()).isNull();
    assertThat(find(jobs.get(0)).flowId()).isEqualTo(jobs.get(0).flowId());
    Flow found = flow(jobs.get(0));
    assertThat(found.name()).isEqualTo("wörk");
    assertThat(found.kind()).isEqualTo(FlowKind.WORKFLOW);
    assertThat(found.createdAt()).isEqualTo(clock.instant());
    assertThat(found.finishedAt()).isNull();
    assertThat(found.counts())
        .containsOnlyKeys(JobState.values())
        .containsEntry(JobState.AVAILABLE, 1L)
        .containsEntry(JobState.SUSPENDED, 1L);
  }

  @Test
  void findOfAnUnknownFlowIsEmpty() {
    assertThat(queue.flows().find(4711)).isEmpty();
    assertThat(queue.flows().jobs(4711, Which.ALL, 0, 10)).isEmpty();
    assertThat(queue.flows().named(4711, "a", 0, 10)).isEmpty();
    assertThat(queue.flows().links(4711)).isEmpty();
    assertThat(queue.flows().seal(4711)).isFalse();
  }

  @Test
  void aFlowFinishesWhenItsLastJobIsFinal() {
    FlowRef ref = workflow();
    List<Job> jobs = queue.insert(List.of(named(ref, "a"), named(ref, "b", position(0))));
    stage();
    complete(jobs.get(0));
    stage();
    assertThat(flow(jobs.get(0)).finishedAt()).isNull();
    clock.advance(Duration.ofSeconds(5));
    discard(jobs.get(1));
    stage();

    Flow finished = flow(jobs.get(0));
    assertThat(finished.finishedAt()).isEqualTo(clock.instant());
    assertThat(finished.count(JobState.COMPLETED)).isEqualTo(1);
    assertThat(finished.count(JobState.DISCARDED)).isEqualTo(1);
    assertThat(finished.total()).isEqualTo(2);
  }

  @Test
  void aFinishedWorkflowGoesOnWhenAJobIsRetriedOrAdded() {
    Job first = insert(named(workflow(), "a"));
    discard(first);
    stage();
    retry(first);
    assertThat(flow(first).finishedAt()).isNull();
    complete(first);
    stage();
    assertThat(flow(first).finishedAt()).isNotNull();

    Job more =
        insert(
            named(
                new FlowRef.Stored(first.flowId()),
                "b",
                Need.job(first.id(), FailurePolicy.CANCEL)));
    assertThat(flow(first).finishedAt()).isNull();
    stage();
    complete(more);
    stage();
    assertThat(flow(first).finishedAt()).isNotNull();
  }

  @Test
  void namesAreUniqueInAFlow() {
    FlowRef ref = workflow();
    assertThatThrownBy(() -> queue.insert(List.of(named(ref, "a"), named(ref, "a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a'");
    Job first = insert(named(ref, "a"));

    assertThatThrownBy(() -> insert(named(new FlowRef.Stored(first.flowId()), "a")))
        .isInstanceOf(FlowException.class)
        .hasMessageContaining("'a'")
        .extracting(e -> ((FlowException) e).code())
        .isEqualTo(FlowException.NAME_TAKEN);
    assertThat(flow(first).total()).isEqualTo(1);
    insert(named(workflow(), "a"));
  }

  @Test
  void aFlowThatIsNotThereTakesNoJobs() {
    assertThatThrownBy(() -> insert(named(new FlowRef.Stored(4711), "a")))
        .isInstanceOf(FlowException.class)
        .hasMessageContaining("4711");
    assertThat(queue.counts()).containsEntry(JobState.AVAILABLE, 0L);
  }

  @Test
  void aNameMeansAJobOrAllBelowIt() {
    FlowRef ref = workflow();
    List<Job> jobs =
        queue.insert(
            List.of(
                named(ref, "part.10"),
                named(ref, "part.2"),
                named(ref, "part"),
                named(ref, "parts")));
    long flow = jobs.get(0).flowId();

    assertThat(queue.flows().named(flow, "part", 0, 10))
        .extracting(named -> named.job().id())
        .containsExactly(jobs.get(2).id());
    assertThat(queue.flows().named(flow, "par", 0, 10)).isEmpty();
    Job other = insert(named(new FlowRef.Stored(flow), "group.1"));
    Job another = insert(named(new FlowRef.Stored(flow), "group.0"));
    assertThat(queue.flows().named(flow, "group", 0, 10))
        .extracting(named -> named.name() + " " + named.job().id())
        .containsExactly("group.1 " + other.id(), "group.0 " + another.id());
    assertThat(queue.flows().named(flow, "group", other.id(), 10))
        .extracting(named -> named.name())
        .containsExactly("group.0");
    assertThat(queue.flows().named(flow, "group", 0, 1)).hasSize(1);
    assertThat(queue.flows().named(flow, "part", jobs.get(2).id(), 10)).isEmpty();
  }

  @Test
  void jobsArePagedByIdWhateverTheirState() {
    FlowRef ref = FlowRef.Fresh.of(FlowKind.BATCH, "many", true);
    List<NewJob> wanted =
        new ArrayList<>(IntStream.range(0, 20).mapToObj(i -> member(Membership.of(ref))).toList());
    wanted.add(member(new Membership(ref, null, FlowEvent.FINISHED)));
    List<Job> jobs = queue.insert(wanted);
    long flow = jobs.get(0).flowId();
    List<Lease> leases = claim(12);
    for (int i = 0; i < leases.size(); i++) {
      settle(leases.get(i), i % 3 == 0 ? JobState.DISCARDED : JobState.COMPLETED);
    }
    cancel(jobs.get(15));

    List<FlowJob> all = new ArrayList<>();
    List<FlowJob> page = queue.flows().jobs(flow, Which.ALL, 0, 3);
    while (!page.isEmpty()) {
      all.addAll(page);
      page = queue.flows().jobs(flow, Which.ALL, page.get(page.size() - 1).id(), 3);
    }
    assertThat(all).extracting(FlowJob::id).containsExactlyElementsOf(ids(jobs));
    assertThat(all).extracting(FlowJob::state).containsExactlyElementsOf(states(jobs));
    assertThat(all.get(20).callback()).isEqualTo(FlowEvent.FINISHED);
    assertThat(all.get(0).callback()).isNull();
    assertThat(queue.flows().jobs(flow, Which.FAILED, 0, 100))
        .extracting(FlowJob::id)
        .containsExactlyElementsOf(
            ids(List.of(jobs.get(0), jobs.get(3), jobs.get(6), jobs.get(9), jobs.get(15))));
    assertThat(queue.flows().jobs(flow, Which.LIVE, 0, 100)).hasSize(8);
  }

  private static List<Long> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  private List<JobState> states(List<Job> jobs) {
    return jobs.stream().map(this::stateOf).toList();
  }

  @Test
  void linksTellWhatTheNamedJobsNeed() {
    FlowRef ref = workflow();
    List<Job> jobs =
        queue.insert(
            List.of(
                named(ref, "a"),
                named(ref, "b", Need.position(0, FailurePolicy.HOLD)),
                named(ref, "c", position(0), position(1))));

    assertThat(queue.flows().links(jobs.get(0).flowId()))
        .containsExactly(
            new FlowLink(jobs.get(1).id(), jobs.get(0).id(), FailurePolicy.HOLD),
            new FlowLink(jobs.get(2).id(), jobs.get(0).id(), FailurePolicy.CANCEL),
            new FlowLink(jobs.get(2).id(), jobs.get(1).id(), FailurePolicy.CANCEL));
  }

  @Test
  void jobsAreKeptUntilTheirFlowHasFinishedAndTheFlowUntilTheyAreGone() {
    FlowRef ref = workflow();
    List<Job> jobs = queue.insert(List.of(named(ref, "a"), named(ref, "b"), free()));
    complete(jobs.get(0));
    stage();
    clock.advance(Duration.ofHours(1));
    assertThat(prune(Duration.ofMinutes(1), 10)).isZero();
    complete(jobs.get(1));
    stage();
    assertThat(prune(Duration.ofMinutes(1), 10)).as("the first one").isEqualTo(1);
    assertThat(flow(jobs.get(1)).total()).isEqualTo(1);
    assertThat(queue.flows().named(jobs.get(1).flowId(), "a", 0, 10)).isEmpty();

    clock.advance(Duration.ofHours(1));
    assertThat(prune(Duration.ofMinutes(1), 10)).isEqualTo(1);
    assertThat(queue.flows().find(jobs.get(0).flowId())).isEmpty();
  }
}
