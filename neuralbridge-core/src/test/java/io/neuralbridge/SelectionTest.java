package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.BulkResult;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.job.TimeRange;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SelectionTest extends EngineTestBase {

  private static final JobFilter IN_B = JobFilter.all().withQueues("b");

  private List<Job> enqueue(NeuralBridge bridge, String queue, int count) {
    return bridge.enqueueAll(
        IntStream.range(0, count)
            .mapToObj(i -> TYPE.withQueue(queue).request("x" + i).in(NEVER))
            .toList());
  }

  @Test
  void aVerbReachesAllJobsOfItsFilterAndNoOthers() {
    NeuralBridge bridge = builder().build();
    List<Job> meant = enqueue(bridge, "b", 1_234);
    List<Job> others = enqueue(bridge, "a", 10);

    assertThat(bridge.select(IN_B).reprioritise(7)).isEqualTo(new BulkResult(1_234, 1_234));
    assertThat(meant).allSatisfy(job -> assertThat(find(job).spec().priority()).isEqualTo(7));

    assertThat(bridge.select(IN_B).cancel()).isEqualTo(new BulkResult(1_234, 1_234));
    assertThat(meant).allSatisfy(job -> assertThat(stateOf(job)).isEqualTo(JobState.CANCELLED));
    assertThat(bridge.select(IN_B).cancel()).as("final now").isEqualTo(new BulkResult(1_234, 0));

    assertThat(bridge.select(IN_B).retry()).isEqualTo(new BulkResult(1_234, 1_234));
    assertThat(meant).allSatisfy(job -> assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE));

    assertThat(bridge.select(IN_B).delete()).isEqualTo(new BulkResult(1_234, 1_234));
    assertThat(meant).allSatisfy(job -> assertThat(bridge.find(job.id())).isEmpty());

    others.forEach(job -> assertThat(find(job)).isEqualTo(job));
  }

  @Test
  void nothingMatchesAnEmptySetOfIds() {
    NeuralBridge bridge = builder().build();
    enqueue(bridge, "a", 3);

    assertThat(bridge.select(JobFilter.all().withIds(Set.of())).delete())
        .isEqualTo(BulkResult.NOTHING);
    assertThat(bridge.counts()).containsEntry(JobState.SCHEDULED, 3L);
  }

  @Test
  void jobsThatEndedInATimeAreRetriedOnce() {
    NeuralBridge bridge = builder().build();
    List<Job> early = enqueue(bridge, "b", 10);
    List<Job> late = enqueue(bridge, "b", 20);
    bridge.select(JobFilter.all().withIds(early.stream().map(Job::id).toList())).cancel();
    clock.advance(NEVER);
    bridge.select(IN_B).cancel();
    JobFilter lately = IN_B.withFinished(TimeRange.from(clock.instant()));

    assertThat(bridge.select(lately).retry()).isEqualTo(new BulkResult(20, 20));

    assertThat(late).allSatisfy(job -> assertThat(stateOf(job)).isEqualTo(JobState.AVAILABLE));
    assertThat(early).allSatisfy(job -> assertThat(stateOf(job)).isEqualTo(JobState.CANCELLED));
  }

  @Test
  void cancelInterruptsWhatRunsOnThisNodeAtOnce() {
    NeuralBridge bridge =
        start(
            builder(
                    TestWorker.of(
                        c -> {
                          new CountDownLatch(1).await();
                          return Outcome.completed();
                        }))
                .heartbeat(NEVER, NEVER.multipliedBy(3)));
    Job job = bridge.enqueue(TYPE.request("x"));
    signals.started(job);

    assertThat(bridge.select(JobFilter.all().withStates(JobState.EXECUTING)).cancel())
        .isEqualTo(new BulkResult(1, 1));

    assertThat(signals.settled(job).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void jobsThatWereMadeAvailableStartAtOnce() {
    NeuralBridge bridge =
        start(builder(TestWorker.of(c -> Outcome.completed())).pollInterval(NEVER));
    Job later = bridge.enqueue(TYPE.request("x").in(NEVER));
    Job latest = bridge.enqueue(TYPE.request("y").in(NEVER));

    bridge.select(JobFilter.all().withIds(List.of(later.id()))).retry();
    signals.settled(later);
    bridge.edit(latest.id(), JobEdit.none().withRunAt(clock.instant()));
    signals.settled(latest);
  }

  @Test
  void singleJobsAreDeletedAndEditedToo() {
    NeuralBridge bridge = builder().build();
    Job job = bridge.enqueue(TYPE.request("x"));

    assertThat(bridge.edit(job.id(), JobEdit.none().withPriority(9))).isTrue();
    assertThat(find(job).spec().priority()).isEqualTo(9);
    assertThat(bridge.delete(job.id())).isTrue();
    assertThat(bridge.delete(job.id())).isFalse();
    assertThat(bridge.edit(job.id(), JobEdit.none().withPriority(9))).isFalse();
  }

  @Test
  void aStreamReadsOnlyThePagesThatAreAskedFor() {
    NeuralBridge bridge = builder().build();
    List<Job> jobs = enqueue(bridge, "b", 350);

    assertThat(bridge.select(IN_B).stream().map(Job::id).toList())
        .hasSize(350)
        .startsWith(jobs.get(349).id())
        .endsWith(jobs.get(0).id());
    store.lists.set(0);
    assertThat(bridge.select(IN_B).stream().limit(150).count()).isEqualTo(150);
    assertThat(store.lists).hasValue(2);
    assertThat(bridge.select(IN_B).stream(JobOrder.SOONEST_DUE).findFirst()).contains(jobs.get(0));
  }

  @Test
  void aPageTellsWhereTheNextGoesOn() {
    NeuralBridge bridge = builder().build();
    enqueue(bridge, "b", 5);
    Paging three = Paging.newest(3);

    Page<Job> first = bridge.select(IN_B).page(three);
    Page<Job> second = bridge.select(IN_B).page(three.after(first.next()));

    assertThat(first.items()).hasSize(3);
    assertThat(second.items()).hasSize(2);
    assertThat(second.next()).isNull();
  }
}
