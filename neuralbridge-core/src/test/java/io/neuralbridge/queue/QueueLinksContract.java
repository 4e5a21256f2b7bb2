package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.NewJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that need others: when they run, and what becomes of them when those fail. */
public abstract class QueueLinksContract extends TieFixture {

  @Test
  void aJobWaitsUntilWhatItNeedsHasCompleted() {
    Job first = insert(free());
    Job second = insert(needing(first));
    stage();

    assertThat(second.state()).isEqualTo(JobState.SUSPENDED);
    assertThat(find(second)).isEqualTo(second);
    assertThat(queue.counts()).containsEntry(JobState.SUSPENDED, 1L);
    complete(first);
    assertThat(claimedIds()).as("before it is staged").isEmpty();
    assertThat(stage()).isEqualTo(1);
    complete(second);
  }

  @Test
  void jobsOfOneInsertNeedEachOtherByPosition() {
    List<Job> jobs =
        queue.insert(
            List.of(
                free(),
                job(needs(List.of(Need.position(0, FailurePolicy.CANCEL)))),
                job(needs(List.of(Need.position(0, FailurePolicy.CANCEL)))),
                job(
                    needs(
                        List.of(
                            Need.position(1, FailurePolicy.CANCEL),
                            Need.position(2, FailurePolicy.CANCEL))))));

    complete(jobs.get(0));
    stage();
    assertState(JobState.AVAILABLE, jobs.get(1), jobs.get(2));
    complete(jobs.get(1));
    stage();
    assertState(JobState.SUSPENDED, jobs.get(3));
    complete(jobs.get(2));
    stage();
    complete(jobs.get(3));
  }

  @Test
  void aJobMayOnlyNeedOneThatStandsBeforeIt() {
    NewJob itself = job(needs(List.of(Need.position(0, FailurePolicy.CANCEL))));

    assertThatThrownBy(() -> queue.insert(List.of(itself)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not stand before it");
    assertThat(queue.counts()).containsEntry(JobState.SUSPENDED, 0L);
  }

  @Test
  void aJobThatIsNeededTwiceIsNeededOnce() {
    Job first = insert(free());
    Job second = insert(needing(first, first));
    complete(first);
    stage();

    complete(second);
  }

  @Test
  void aNeedThatHasCompletedAlreadyIsFulfilled() {
    Job first = insert(free());
    complete(first);
    stage();
    Job second = insert(needing(first));

    assertThat(second.state()).isEqualTo(JobState.SUSPENDED);
    stage();
    complete(second);
  }

  @Test
  void aRunningJobMayBeNeeded() {
    Job first = insert(free());
    Lease lease = claimNext(first);
    Job second = insert(needing(first));
    stage();

    assertThat(claimedIds()).isEmpty();
    settle(lease, JobState.COMPLETED);
    stage();
    complete(second);
  }

  @Test
  void aJobThatEndsBeforeTheStagerHasSeenWhoNeedsItIsNotMissed() {
    Job first = insert(free());
    Lease lease = claimNext(first);
    Job second = insert(needing(first));
    settle(lease, JobState.COMPLETED);
    stage();

    complete(second);
  }

  @Test
  void aJobThatIsNotThereCannotBeNeeded() {
    Job pruned = insert(free());
    complete(pruned);
    clock.advance(Duration.ofHours(1));
    prune(Duration.ZERO, 10);

    assertThatThrownBy(() -> insert(needing(pruned)))
        .isInstanceOf(FlowException.class)
        .hasMessageContaining("no job " + pruned.id())
        .extracting(e -> ((FlowException) e).code())
        .isEqualTo(FlowException.JOB_NOT_FOUND);
    assertThat(queue.counts()).containsEntry(JobState.SUSPENDED, 0L);
  }

  @Test
  void aFreedJobThatIsDueLaterIsScheduled() {
    Job first = insert(free());
    Job later = insert(TYPE.request("x").in(Duration.ofMinutes(10)).after(first).toNewJob());
    complete(first);
    stage();

    assertState(JobState.SCHEDULED, later);
    clock.advance(Duration.ofMinutes(10));
    complete(later);
  }

  @ParameterizedTest
  @EnumSource(
      value = JobState.class,
      names = {"CANCELLED", "DISCARDED"})
  void aFailureCancelsWhatNeedsItAndWhatNeedsThat(JobState failure) {
    Job first = insert(free());
    Job second = insert(needing(first));
    Job third = insert(needing(second));
    settle(claimNext(first), failure);
    stage();

    assertState(JobState.CANCELLED, second, third);
    assertThat(reason(second)).isEqualTo("dependency_failed");
    assertThat(queue.errors(second.id()).get(0).message())
        .contains("job " + first.id(), failure.name().toLowerCase(java.util.Locale.ROOT));
    assertThat(queue.errors(third.id()).get(0).message()).contains("job " + second.id());
  }

  @Test
  void aFailureIsIgnoredWhereThePolicySaysSo() {
    Job first = insert(free());
    Job other = insert(free());
    Job second = insert(needing(FailurePolicy.IGNORE, first, other));
    discard(first);
    stage();
    assertState(JobState.SUSPENDED, second);
    complete(other);
    stage();

    complete(second);
  }

  @Test
  void aFailureHoldsWhereThePolicySaysSoUntilTheRetryCompletes() {
    Job first = insert(free());
    Job second = insert(needing(FailurePolicy.HOLD, first));
    discard(first);
    stage();
    assertState(JobState.SUSPENDED, second);
    retry(first);
    discard(first);
    stage();
    assertState(JobState.SUSPENDED, second);
    retry(first);
    stage();
    complete(first);
    stage();

    complete(second);
  }

  @Test
  void aHeldJobThatIsRetriedItselfWaitsNoLonger() {
    Job failed = insert(free());
    Job running = insert(free());
    Job held = insert(needing(FailurePolicy.HOLD, failed, running));
    discard(failed);
    stage();
    retry(held);
    stage();
    assertThat(stateOf(held)).as("one that has not failed").isEqualTo(JobState.SUSPENDED);
    complete(running);
    stage();

    complete(held);
  }

  @Test
  void aJobThatNeedsAFailedOneWhenItIsInsertedFollowsItsPolicyAtOnce() {
    Job failed = insert(free());
    discard(failed);
    Job cancelled = insert(needing(failed));
    Job ignoring = insert(needing(FailurePolicy.IGNORE, failed));
    Job held = insert(needing(FailurePolicy.HOLD, failed));
    stage();

    assertState(JobState.CANCELLED, cancelled);
    assertState(JobState.AVAILABLE, ignoring);
    assertState(JobState.SUSPENDED, held);
    complete(ignoring);
    retry(failed);
    complete(failed);
    stage();
    complete(held);
  }

  @Test
  void aCancelledJobCancelsAtOnceWhatNeedsIt() {
    Job first = insert(free());
    Job second = insert(needing(first));
    Job third = insert(needing(second));
    cancel(second);
    stage();

    assertState(JobState.CANCELLED, second, third);
    assertThat(reason(second)).as("by a user").isEmpty();
    complete(first);
    assertThat(stage()).isZero();
  }

  @Test
  void aJobWhoseProcessKeepsDyingFailsThoseThatNeedIt() {
    Job first = insert(free());
    Job second = insert(needing(first));
    stage();
    claimNext(first);
    queue.leave(node);
    queue.rescue(1);
    stage();

    assertState(JobState.DISCARDED, first);
    assertState(JobState.CANCELLED, second);
  }

  @Test
  void aRetriedJobWaitsAgainForWhatItNeeds() {
    Job first = insert(free());
    Job second = insert(needing(first));
    discard(first);
    stage();
    retry(second);
    stage();
    assertThat(stateOf(second)).as("what it needs has failed").isEqualTo(JobState.SUSPENDED);
    retry(first);
    stage();
    assertThat(stateOf(second)).as("what it needs runs again").isEqualTo(JobState.SUSPENDED);
    complete(first);
    stage();

    complete(second);
  }

  @Test
  void jobsThatAreRetriedTogetherRunInTheirOrder() {
    Job first = insert(free());
    Job second = insert(needing(first));
    Job third = insert(needing(second));
    discard(first);
    stage();
    assertState(JobState.CANCELLED, second, third);

    retry(third, second, first);
    for (Job job : List.of(first, second, third)) {
      stage();
      complete(job);
    }
  }

  @Test
  void aRetriedJobThatNeedsOnlyWhatHasCompletedRuns() {
    Job first = insert(free());
    Job second = insert(needing(first));
    complete(first);
    stage();
    discard(second);
    retry(second);
    stage();

    complete(second);
  }

  @Test
  void aJobWaitsAgainForACompletedOneThatIsRetried() {
    Job first = insert(free());
    Job other = insert(free());
    Job second = insert(needing(first, other));
    complete(first);
    stage();
    Lease lease = claimNext(other);
    retry(first);
    settle(lease, JobState.COMPLETED);
    stage();
    assertState(JobState.SUSPENDED, second);
    complete(first);
    stage();

    complete(second);
  }

  @Test
  void aWaitingJobIsFreedByOneThatIsRetriedAfterItsFailureWasIgnoredElsewhere() {
    Job first = insert(free());
    discard(first);
    stage();
    Job held = insert(needing(FailurePolicy.HOLD, first));
    stage();
    retry(first);
    complete(first);
    stage();

    complete(held);
  }

  @Test
  void manyJobsThatNeedOneAreFreedInBoundedRoundsTheOldestFirst() {
    Job first = insert(free());
    List<NewJob> dependents = IntStream.range(0, 25).mapToObj(i -> needing(first)).toList();
    List<Job> inserted = queue.insert(dependents);
    stage();
    complete(first);

    Staged round = queue.stage(10);
    assertThat(round.moved()).isEqualTo(10);
    assertThat(round.more()).isTrue();
    assertThat(claimedIds())
        .containsExactlyElementsOf(inserted.stream().limit(10).map(Job::id).toList());
    assertThat(stage()).isEqualTo(15);
  }

  @Test
  void oneJobThatNeedsManyIsFreedByTheLast() {
    List<Job> many = queue.insert(IntStream.range(0, 250).mapToObj(i -> free()).toList());
    Job last = insert(needing(many.toArray(Job[]::new)));
    List<Lease> leases = new ArrayList<>(claim(250));
    Lease slow = leases.remove(17);
    queue.settle(leases.stream().map(lease -> finish(lease, JobState.COMPLETED)).toList());
    stage();
    assertState(JobState.SUSPENDED, last);
    settle(slow, JobState.COMPLETED);
    stage();

    complete(last);
  }

  @Test
  void stagingOfNothingDoesNothing() {
    insert(free());

    assertThat(queue.stage(10)).isEqualTo(Staged.NOTHING);
  }

  @Test
  void aJobIsKeptAsLongAsOneThatNeedsItLives() {
    Job first = insert(free());
    Job other = insert(free());
    Job second = insert(needing(first, other));
    Lease lease = claimNext(first);
    queue.settle(
        List.of(
            new Transition.Finish(first.id(), lease.token(), JobState.COMPLETED, "\"r\"", null)));
    stage();
    clock.advance(Duration.ofHours(1));

    assertThat(prune(Duration.ofMinutes(1), 10)).isZero();
    complete(other);
    stage();
    Lease last = claimNext(second);
    clock.advance(Duration.ofHours(1));
    assertThat(prune(Duration.ofMinutes(1), 10)).isZero();
    assertThat(find(first).result(String.class)).contains("r");

    settle(last, JobState.COMPLETED);
    stage();
    assertThat(prune(Duration.ofMinutes(1), 10)).isEqualTo(2);
    assertThat(queue.find(first.id())).isEmpty();
    assertThat(queue.find(second.id())).isPresent();
  }

  @Test
  void whatIsKeptDoesNotKeepOthersFromBeingPruned() {
    Job needed = insert(free());
    Job other = insert(free());
    insert(needing(FailurePolicy.HOLD, needed));
    discard(needed);
    complete(other);
    stage();
    clock.advance(Duration.ofHours(1));

    assertThat(prune(Duration.ofMinutes(1), 1)).isEqualTo(1);
    assertThat(queue.find(other.id())).isEmpty();
  }
}
