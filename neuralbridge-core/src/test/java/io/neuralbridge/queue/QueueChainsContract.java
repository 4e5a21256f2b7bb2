package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.ChainSlot;
import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Chains: jobs that run one after the other. */
public abstract class QueueChainsContract extends TieFixture {

  private static NewJob link(String key) {
    return link(key, FailurePolicy.IGNORE);
  }

  private static NewJob link(String key, FailurePolicy policy) {
    return job(Ties.NONE.withChain(new ChainSlot(key, policy)));
  }

  @Test
  void jobsOfAChainRunOneAfterTheOtherInTheOrderOfTheirInsertion() {
    Job first = insert(link("a"));
    List<Job> more = queue.insert(List.of(link("a"), link("b"), link("a")));
    stage();

    assertThat(claimedIds()).containsExactly(first.id(), more.get(1).id());
    Job last = insert(link("a"));
    assertState(JobState.SUSPENDED, more.get(0), more.get(2), last);
  }

  @Test
  void theNextOneBeginsHoweverTheOneBeforeItEnded() {
    List<Job> jobs = queue.insert(Collections.nCopies(4, link("a")));
    complete(jobs.get(0));
    stage();
    discard(jobs.get(1));
    stage();
    cancel(jobs.get(2));
    stage();

    complete(jobs.get(3));
  }

  @Test
  void retriesSnoozesAndCrashesKeepTheNextOneWaiting() {
    List<Job> jobs = queue.insert(Collections.nCopies(2, link("a")));
    Lease lease = claimNext(jobs.get(0));
    queue.settle(
        List.of(
            new Transition.Back(
                jobs.get(0).id(), lease.token(), Duration.ofMinutes(1), false, null)));
    stage();
    assertThat(claimedIds()).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    claimNext(jobs.get(0));
    queue.leave(node);
    queue.rescue(3);
    node = queue.join("again", TTL);
    stage();

    complete(jobs.get(0));
    stage();
    complete(jobs.get(1));
  }

  @Test
  void aJobThatIsCancelledInTheMiddleLeavesTheOthersInOrder() {
    List<Job> jobs = queue.insert(Collections.nCopies(3, link("a")));
    cancel(jobs.get(1));
    stage();

    assertThat(stateOf(jobs.get(2)))
        .as("the one before it is final, but not the one before that")
        .isEqualTo(JobState.SUSPENDED);
    complete(jobs.get(0));
    stage();
    complete(jobs.get(2));
  }

  @Test
  void anyNumberOfJobsMayBeCancelledInTheMiddleBeforeTheStagerLooks() {
    List<Job> jobs = queue.insert(Collections.nCopies(6, link("a")));
    Lease lease = claimNext(jobs.get(0));
    assertThat(queue.cancel(jobs.subList(1, 5).stream().map(Job::id).toList())).hasSize(4);
    stage();
    assertState(JobState.SUSPENDED, jobs.get(5));
    settle(lease, JobState.DISCARDED);
    stage();

    complete(jobs.get(5));
  }

  @Test
  void whatIsInsertedAfterCancelledJobsWaitsForTheOneThatStillRuns() {
    List<Job> jobs = queue.insert(Collections.nCopies(3, link("a")));
    Lease running = claimNext(jobs.get(0));
    queue.cancel(List.of(jobs.get(1).id(), jobs.get(2).id()));
    stage();

    Job next = insert(link("a"));
    stage();
    assertState(JobState.SUSPENDED, next);

    settle(running, JobState.COMPLETED);
    stage();
    complete(next);
  }

  @Test
  void whoIgnoresAFailureStillWaitsForTheOneThatRunsBeforeIt() {
    List<Job> jobs =
        queue.insert(List.of(link("a"), link("a"), link("a", FailurePolicy.CANCEL), link("a")));
    claimNext(jobs.get(0));
    cancel(jobs.get(1));
    stage();

    assertState(JobState.CANCELLED, jobs.get(2));
    assertState(JobState.SUSPENDED, jobs.get(3));
  }

  @Test
  void aChainWhoseLastJobHasEndedBeginsAtOnce() {
    complete(insert(link("a")));
    discard(insert(link("a")));

    assertThat(insert(link("a")).state()).isEqualTo(JobState.AVAILABLE);
  }

  @Test
  void aHeldChainStandsStillUntilTheFailedJobCompletes() {
    Job first = insert(link("a", FailurePolicy.HOLD));
    discard(first);
    stage();
    Job second = insert(link("a", FailurePolicy.HOLD));
    stage();
    assertState(JobState.SUSPENDED, second);
    retry(first);
    complete(first);
    stage();

    complete(second);
  }

  @Test
  void aCancellingChainGivesUpWhatWaitsAndThenBeginsAnew() {
    List<Job> jobs = queue.insert(Collections.nCopies(3, link("a", FailurePolicy.CANCEL)));
    discard(jobs.get(0));
    stage();

    assertState(JobState.CANCELLED, jobs.get(1), jobs.get(2));
    complete(insert(link("a", FailurePolicy.CANCEL)));
  }

  @Test
  void aChainWhoseJobsHaveBeenPrunedBeginsAnew() {
    Job old = insert(link("a", FailurePolicy.HOLD));
    discard(old);
    stage();
    clock.advance(Duration.ofHours(1));
    assertThat(prune(Duration.ofMinutes(1), 10)).isEqualTo(1);

    complete(insert(link("a", FailurePolicy.HOLD)));
  }

  @RepeatedTest(3)
  void concurrentInsertersMakeOneChain() throws Exception {
    int inserters = 4;
    int jobs = 60;
    ExecutorService threads = Executors.newFixedThreadPool(inserters);
    CyclicBarrier start = new CyclicBarrier(inserters);
    List<Future<List<Job>>> inserted = new ArrayList<>();
    for (int i = 0; i < inserters; i++) {
      inserted.add(
          threads.submit(
              () -> {
                start.await();
                return IntStream.range(0, jobs / inserters)
                    .mapToObj(j -> insert(link(j % 2 == 0 ? "a" : "b")))
                    .toList();
              }));
    }
    for (Future<List<Job>> each : inserted) {
      each.get();
    }
    threads.shutdown();

    List<Long> ran = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      stage();
      List<Lease> next = claim(10);
      assertThat(next).hasSizeBetween(1, 2);
      next.forEach(lease -> ran.add(lease.job().id()));
      next.forEach(lease -> settle(lease, i(lease)));
      if (ran.size() == jobs) {
        break;
      }
    }
    assertThat(ran).hasSize(jobs).doesNotHaveDuplicates();
    assertThat(queue.counts()).containsEntry(JobState.SUSPENDED, 0L);
  }

  private static JobState i(Lease lease) {
    return lease.job().id() % 3 == 0 ? JobState.DISCARDED : JobState.COMPLETED;
  }
}
