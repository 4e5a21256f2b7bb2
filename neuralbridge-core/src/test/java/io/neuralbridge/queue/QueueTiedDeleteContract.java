package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.ChainSlot;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import io.neuralbridge.job.Unique;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of those that a deleted job is tied to, in every {@link Queue}. */
public abstract class QueueTiedDeleteContract extends TieFixture {

  private void delete(Job job) {
    assertThat(queue.delete(List.of(job.id()))).containsExactly(job.id());
  }

  private static NewJob chained(String key) {
    return job(Ties.NONE.withChain(new ChainSlot(key, FailurePolicy.IGNORE)));
  }

  @Test
  void whoNeedsADeletedJobIsTreatedAsIfItHadFailed() {
    Job needed = insert(free());
    Job strict = insert(needing(needed));
    Job lenient = insert(needing(FailurePolicy.IGNORE, needed));
    Job patient = insert(needing(FailurePolicy.HOLD, needed));
    stage();

    delete(needed);
    stage();

    assertState(JobState.CANCELLED, strict);
    assertState(JobState.AVAILABLE, lenient);
    assertState(JobState.SUSPENDED, patient);
  }

  @Test
  void aDeletedJobIsNotNeededToHaveCompleted() {
    Job needed = insert(free());
    Job other = insert(free());
    Job last = insert(needing(needed, other));
    complete(needed);
    stage();

    delete(needed);
    stage();
    complete(other);
    stage();

    assertState(JobState.AVAILABLE, last);
  }

  @Test
  void aSuspendedJobIsDeletedWithItsNeeds() {
    Job needed = insert(free());
    Job suspended = insert(needing(needed));

    delete(suspended);
    complete(needed);
    stage();
    clock.advance(Duration.ofHours(1));

    assertThat(queue.find(suspended.id())).isEmpty();
    assertThat(prune(Duration.ofMinutes(1), 10)).as("nobody needs it").isEqualTo(1);
  }

  @Test
  void aSuspendedJobCanBeEdited() {
    Job needed = insert(free());
    Job suspended = insert(needing(needed));

    assertThat(queue.edit(List.of(suspended.id()), JobEdit.none().withPriority(7))).hasSize(1);
    complete(needed);
    stage();

    assertThat(claimNext(suspended).job().spec().priority()).isEqualTo(7);
  }

  @Test
  void aFlowFinishesWithoutItsDeletedJobs() {
    FlowRef ref = FlowRef.Fresh.of(FlowKind.BATCH, "batch", false);
    List<Job> jobs =
        queue.insert(
            List.of(
                member(new Membership(ref, null, null)),
                member(new Membership(ref, null, null)),
                member(new Membership(ref, null, FlowEvent.FINISHED))));
    complete(jobs.get(0));
    stage();

    delete(jobs.get(1));
    stage();

    assertState(JobState.AVAILABLE, jobs.get(2));
    assertThat(queue.flows().find(jobs.get(0).flowId()).orElseThrow().finishedAt()).isNotNull();
  }

  @Test
  void aChainGoesOnWithoutItsDeletedJobs() {
    Job first = insert(chained("a"));
    Job second = insert(chained("a"));
    Job third = insert(chained("a"));

    delete(second);
    stage();
    complete(first);
    stage();

    assertThat(queue.find(second.id())).isEmpty();
    assertThat(stateOf(third)).isNotEqualTo(JobState.SUSPENDED);
    delete(third);
    assertState(JobState.AVAILABLE, insert(chained("a")));
  }

  @Test
  void whoFollowsADeletedJobInAChainWaitsForWhatThatOneWaitedFor() {
    List<Job> jobs = queue.insert(Collections.nCopies(5, chained("a")));
    Lease running = claimNext(jobs.get(0));

    assertThat(queue.delete(jobs.subList(1, 4).stream().map(Job::id).toList())).hasSize(3);
    stage();
    assertState(JobState.SUSPENDED, jobs.get(4));

    settle(running, JobState.COMPLETED);
    stage();
    complete(jobs.get(4));
  }

  @Test
  void aChainWhoseLastJobIsDeletedGoesOnWithTheOneBefore() {
    List<Job> jobs = queue.insert(Collections.nCopies(3, chained("a")));
    Lease running = claimNext(jobs.get(0));

    assertThat(queue.delete(List.of(jobs.get(2).id(), jobs.get(1).id()))).hasSize(2);
    Job next = insert(chained("a"));
    stage();
    assertState(JobState.SUSPENDED, next);

    settle(running, JobState.COMPLETED);
    stage();
    complete(next);
  }

  @Test
  void aChainWhoseCancelledLastJobIsPrunedGoesOnWithTheOneBefore() {
    List<Job> jobs = queue.insert(Collections.nCopies(2, chained("a")));
    claimNext(jobs.get(0));
    cancel(jobs.get(1));
    stage();
    clock.advance(Duration.ofHours(1));
    assertThat(prune(Duration.ofMinutes(1), 10)).isEqualTo(1);

    Job next = insert(chained("a"));
    stage();
    assertState(JobState.SUSPENDED, next);
  }

  @Test
  void aDeletedJobHoldsItsUniqueKeyNoLonger() {
    NewJob unique =
        TYPE.request("x").withUnique(Unique.byArgs().during(Unique.Scope.KEPT)).toNewJob();
    Job first = insert(unique);
    delete(first);

    Job second = insert(unique);
    assertThat(second.existing()).isFalse();
    complete(second);
    delete(second);

    assertThat(insert(unique).existing()).isFalse();
  }
}
