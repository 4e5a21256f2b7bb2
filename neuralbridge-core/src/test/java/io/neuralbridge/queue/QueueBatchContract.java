package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.NewJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Batches: callbacks that run once, when the jobs have ended. */
public abstract class QueueBatchContract extends TieFixture {

  /** A batch with all its callbacks. */
  private final class Three {
    final Job completed;
    final Job failed;
    final Job finished;
    final List<Job> members;
    final long flow;

    Three(int size, boolean open) {
      FlowRef ref = FlowRef.Fresh.of(FlowKind.BATCH, "batch", open);
      List<NewJob> wanted = new ArrayList<>();
      for (FlowEvent event : FlowEvent.values()) {
        wanted.add(member(new Membership(ref, null, event)));
      }
      for (int i = 0; i < size; i++) {
        wanted.add(member(Membership.of(ref)));
      }
      List<Job> jobs = queue.insert(wanted);
      completed = jobs.get(0);
      failed = jobs.get(1);
      finished = jobs.get(2);
      members = jobs.subList(3, jobs.size());
      flow = completed.flowId();
      stage();
    }

    Flow read() {
      return queue.flows().find(flow).orElseThrow();
    }

    void assertStates(JobState completed, JobState failed, JobState finished) {
      assertThat(List.of(stateOf(this.completed), stateOf(this.failed), stateOf(this.finished)))
          .containsExactly(completed, failed, finished);
    }
  }

  @Test
  void callbacksWaitAndAreNotCounted() {
    Three batch = new Three(2, false);

    batch.assertStates(JobState.SUSPENDED, JobState.SUSPENDED, JobState.SUSPENDED);
    assertThat(batch.read().total()).isEqualTo(2);
    assertThat(batch.completed.flowId()).isEqualTo(batch.members.get(0).flowId());
  }

  @Test
  void whenAllHaveCompletedTheCallbackForFailureIsGivenUp() {
    Three batch = new Three(2, false);
    complete(batch.members.get(0));
    stage();
    batch.assertStates(JobState.SUSPENDED, JobState.SUSPENDED, JobState.SUSPENDED);
    complete(batch.members.get(1));
    stage();

    batch.assertStates(JobState.AVAILABLE, JobState.CANCELLED, JobState.AVAILABLE);
    assertThat(reason(batch.failed)).isEqualTo("not_needed");
    assertThat(batch.read().finishedAt()).isEqualTo(clock.instant());
    complete(batch.completed);
    complete(batch.finished);
    assertThat(stage()).isZero();
  }

  @Test
  void theFirstFailureRunsItsCallbackAtOnce() {
    Three batch = new Three(3, false);
    discard(batch.members.get(0));
    stage();
    batch.assertStates(JobState.SUSPENDED, JobState.AVAILABLE, JobState.SUSPENDED);
    cancel(batch.members.get(1));
    stage();
    batch.assertStates(JobState.SUSPENDED, JobState.AVAILABLE, JobState.SUSPENDED);
    complete(batch.failed);
    complete(batch.members.get(2));
    stage();

    batch.assertStates(JobState.CANCELLED, JobState.COMPLETED, JobState.AVAILABLE);
    assertThat(reason(batch.completed)).isEqualTo("not_needed");
  }

  @Test
  void anOpenBatchDoesNotFinish() {
    Three batch = new Three(1, true);
    complete(batch.members.get(0));
    stage();
    batch.assertStates(JobState.SUSPENDED, JobState.SUSPENDED, JobState.SUSPENDED);

    assertThat(queue.flows().seal(batch.flow)).isTrue();
    assertThat(queue.flows().seal(batch.flow)).as("sealed already").isFalse();
    stage();
    batch.assertStates(JobState.AVAILABLE, JobState.CANCELLED, JobState.AVAILABLE);
  }

  @Test
  void anEmptyBatchHasCompleted() {
    new Three(0, false).assertStates(JobState.AVAILABLE, JobState.CANCELLED, JobState.AVAILABLE);

    long bare = queue.flows().start(FlowRef.Fresh.of(FlowKind.BATCH, "bare", false));
    stage();
    assertThat(queue.flows().find(bare).orElseThrow().finishedAt()).isEqualTo(clock.instant());
  }

  @Test
  void aBatchGrowsWhileItRunsAndNotAfter() {
    Three batch = new Three(1, false);
    Membership more = Membership.of(new FlowRef.Stored(batch.flow));
    Lease lease = claimNext(batch.members.get(0));
    Job added = insert(member(more));
    settle(lease, JobState.COMPLETED);
    stage();
    batch.assertStates(JobState.SUSPENDED, JobState.SUSPENDED, JobState.SUSPENDED);
    complete(added);
    stage();
    batch.assertStates(JobState.AVAILABLE, JobState.CANCELLED, JobState.AVAILABLE);

    assertThatThrownBy(() -> insert(member(more)))
        .isInstanceOf(FlowException.class)
        .extracting(e -> ((FlowException) e).code())
        .isEqualTo(FlowException.FLOW_FINISHED);
    assertThat(batch.read().total()).isEqualTo(2);
  }

  @Test
  void aRetriedBatchThatCompletesRunsOnlyTheCallbackThatHasNotRun() {
    Three batch = new Three(1, false);
    discard(batch.members.get(0));
    stage();
    complete(batch.failed);
    complete(batch.finished);
    stage();
    retry(batch.members.get(0), batch.completed);
    stage();
    batch.assertStates(JobState.SUSPENDED, JobState.COMPLETED, JobState.COMPLETED);
    complete(batch.members.get(0));
    stage();

    batch.assertStates(JobState.AVAILABLE, JobState.COMPLETED, JobState.COMPLETED);
    complete(batch.completed);
    assertThat(stage()).isZero();
  }

  @Test
  void aCallbackThatIsRetriedAfterItHasFailedRuns() {
    Three batch = new Three(0, false);
    discard(batch.completed);
    stage();
    retry(batch.completed);
    stage();

    assertThat(claimedIds()).contains(batch.completed.id());
  }

  @Test
  void aRetryDoesNotHurryACallbackThatWaits() {
    Three batch = new Three(1, false);
    retry(batch.finished);
    stage();

    batch.assertStates(JobState.SUSPENDED, JobState.SUSPENDED, JobState.SUSPENDED);
  }

  @Test
  void aCallbackMayBeCancelled() {
    Three batch = new Three(1, false);
    cancel(batch.finished);
    complete(batch.members.get(0));
    stage();

    batch.assertStates(JobState.AVAILABLE, JobState.CANCELLED, JobState.CANCELLED);
  }

  @Test
  void jobsOfABatchThatRunsAreNotPruned() {
    Three batch = new Three(2, false);
    discard(batch.members.get(0));
    stage();
    complete(batch.failed);
    stage();
    clock.advance(Duration.ofHours(1));
    assertThat(prune(Duration.ofMinutes(1), 10)).isZero();
    complete(batch.members.get(1));
    stage();

    batch.assertStates(JobState.CANCELLED, JobState.COMPLETED, JobState.AVAILABLE);
  }

  @RepeatedTest(5)
  void eachCallbackIsFreedOnceWhateverEndsAtOnce() throws Exception {
    int nodes = 4;
    Three batch = new Three(40, false);
    ExecutorService threads = Executors.newFixedThreadPool(nodes);
    CyclicBarrier start = new CyclicBarrier(nodes);
    List<Future<Integer>> moved = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      moved.add(
          threads.submit(
              () -> {
                start.await();
                int mine = 0;
                for (List<Lease> some = claim(3); !some.isEmpty(); some = claim(3)) {
                  queue.settle(some.stream().map(lease -> someFail(lease, batch)).toList());
                  mine += queue.stage(100).moved();
                }
                return mine;
              }));
    }
    int sum = 0;
    for (Future<Integer> each : moved) {
      sum += each.get();
    }
    threads.shutdown();
    sum += stage();
    List<Lease> left = claim(100);
    queue.settle(left.stream().map(lease -> finish(lease, JobState.COMPLETED)).toList());
    stage();

    assertThat(sum).as("each callback moved once").isEqualTo(3);
    batch.assertStates(JobState.CANCELLED, JobState.COMPLETED, JobState.COMPLETED);
    assertThat(find(batch.failed).attempt()).isEqualTo(1);
    assertThat(find(batch.finished).attempt()).isEqualTo(1);
  }

  private static Transition someFail(Lease lease, Three batch) {
    long place = lease.job().id() - batch.members.get(0).id();
    return finish(lease, place >= 0 && place % 5 == 0 ? JobState.DISCARDED : JobState.COMPLETED);
  }
}
