package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Paging;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} deletes jobs, and changes them. */
public abstract class QueueEditContract extends QueueFixture {

  private static final String LARGE = "x".repeat(5_000);

  @Test
  void deleteTakesWaitingAndFinalJobsAndAllThatStandsBesideThem() {
    Job waiting = insert(TYPE.withQueue("other").request(LARGE).toNewJob());
    Job scheduled = insert(TYPE.request("x").in(Duration.ofHours(1)).toNewJob());
    Lease ended = insertAndClaim();
    queue.settle(
        List.of(
            new Transition.Finish(
                ended.job().id(), ended.token(), JobState.DISCARDED, null, error(1, "x"))));
    List<Long> ids = List.of(waiting.id(), scheduled.id(), ended.job().id());

    assertThat(queue.delete(List.of(waiting.id(), scheduled.id(), ended.job().id(), 4711_000L)))
        .containsExactlyInAnyOrderElementsOf(ids);

    assertThat(ids).allSatisfy(id -> assertThat(queue.find(id)).isEmpty());
    assertThat(queue.errors(ended.job().id())).isEmpty();
    assertThat(queue.list(JobFilter.all(), Paging.newest(10)).items()).isEmpty();
    assertThat(queue.claim(new Claim("other", node, 1))).isEmpty();
    assertThat(queue.untilNextDue("default")).isEmpty();
    assertThat(queue.delete(ids)).as("gone already").isEmpty();
    assertThat(queue.delete(List.of())).isEmpty();
  }

  @Test
  void deleteLeavesARunningJobToItsNode() {
    Lease lease = insertAndClaim();

    assertThat(queue.delete(List.of(lease.job().id()))).isEmpty();

    assertThat(queue.settle(List.of(done(lease)))).hasSize(1);
    assertThat(queue.delete(List.of(lease.job().id()))).hasSize(1);
  }

  @Test
  void editChangesWhatItNamesAndNothingElse() {
    Job job = insert(TYPE.withTags("old").request("x").withMeta(Map.of("a", "1")).toNewJob());

    assertThat(queue.edit(List.of(job.id(), 4711_000L), JobEdit.none().withPriority(7)))
        .containsExactly(job.id());

    assertThat(queue.find(job.id()).orElseThrow().spec())
        .isEqualTo(JobEdit.none().withPriority(7).apply(job.spec()));
    assertThat(job.spec().tags()).isNotEmpty();
  }

  @Test
  void everyPartOfAWaitingJobCanBeChanged() {
    Job job = insert(TYPE.withTags("old").request(LARGE).withMeta(Map.of("a", "1")).toNewJob());
    Instant later = clock.instant().plusSeconds(60);
    JobEdit edit =
        JobEdit.none()
            .withQueue("other")
            .withPriority(0)
            .withMaxAttempts(3)
            .withRunAt(later)
            .withTags("b", "a")
            .withMeta(Map.of("b", "2"))
            .withArgs(TYPE, "small");

    assertThat(queue.edit(List.of(job.id()), edit)).hasSize(1);

    Job edited = queue.find(job.id()).orElseThrow();
    assertThat(edited.spec()).isEqualTo(edit.apply(job.spec()));
    assertThat(TYPE.decode(edited.spec().args())).isEqualTo("small");
    assertThat(edited.runAt()).isEqualTo(later);
    assertThat(edited.state()).isEqualTo(JobState.SCHEDULED);
    clock.advance(Duration.ofSeconds(60));
    assertThat(claim(1)).as("it left its queue").isEmpty();
    assertThat(queue.claim(new Claim("other", node, 1))).hasSize(1);
  }

  @Test
  void argsAndMetaGrowAndShrinkAndVanish() {
    Job job = insert(TYPE.request("x").withMeta(Map.of("a", "1")).toNewJob());
    for (String args : List.of(LARGE, "small", LARGE + LARGE, LARGE, "naïve \u0000 \uD83D\uDE80")) {
      queue.edit(List.of(job.id()), JobEdit.none().withArgs(TYPE, args).withMeta(Map.of()));

      Job edited = queue.find(job.id()).orElseThrow();
      assertThat(TYPE.decode(edited.spec().args())).isEqualTo(args);
      assertThat(edited.spec().meta()).isEmpty();
    }
    assertThat(TYPE.decode(claimOne().job().spec().args())).startsWith("naïve");
  }

  @Test
  void reprioritisedJobsAreClaimedInTheirNewOrder() {
    Job first = insert(job("first"));
    Job second = insert(job("second"));
    queue.edit(List.of(second.id()), JobEdit.none().withPriority(0));
    queue.edit(List.of(first.id()), JobEdit.none().withPriority(9));

    assertThat(claim(2))
        .extracting(lease -> lease.job().id())
        .containsExactly(second.id(), first.id());
  }

  @Test
  void aJobThatIsMadeDueNowIsClaimed() {
    Job job = insert(TYPE.request("x").in(Duration.ofHours(1)).toNewJob());

    queue.edit(List.of(job.id()), JobEdit.none().withRunAt(clock.instant()));

    assertThat(claimOne().job().id()).isEqualTo(job.id());
  }

  @Test
  void editLeavesARunningJobAlone() {
    Lease lease = insertAndClaim();

    assertThat(queue.edit(List.of(lease.job().id()), JobEdit.none().withPriority(9))).isEmpty();

    assertThat(find(lease)).isEqualTo(lease.job());
  }

  @Test
  void aFinalJobIsRetriedAsItWasEdited() {
    Lease lease = insertAndClaim();
    queue.settle(List.of(finish(lease.job().id(), lease.token(), JobState.DISCARDED)));

    assertThat(queue.edit(List.of(lease.job().id()), JobEdit.none().withArgs(TYPE, LARGE)))
        .hasSize(1);

    assertThat(find(lease).state()).isEqualTo(JobState.DISCARDED);
    queue.retry(List.of(lease.job().id()));
    assertThat(TYPE.decode(claimOne().job().spec().args())).isEqualTo(LARGE);
  }
}
