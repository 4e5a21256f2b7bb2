package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.Unique.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link Queue} does with jobs that are unique. */
public abstract class UniqueContract extends QueueFixture {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void aSecondJobOfOneKeyIsNotStoredAndTheFirstIsReturnedMarked() {
    Job first = insert(unique("a"));
    clock.advance(BLINK);

    Job second = insert(unique("a"));

    assertThat(first.existing()).isFalse();
    assertThat(second).isEqualTo(first.asExisting());
    assertThat(queue.find(first.id())).contains(first);
    assertThat(claim(10)).hasSize(1);
  }

  @Test
  void jobsOfOtherKindsQueuesAndValuesAreOthers() {
    Unique byTenant = Unique.byKind().withMeta("tenant");
    List<NewJob> jobs =
        List.of(
            unique("a"),
            unique("b"),
            TYPE.withQueue("other").withUnique(Unique.byArgs()).request("a").toNewJob(),
            TYPE.withUnique(byTenant).request("a").withMeta(Map.of("tenant", "1")).toNewJob(),
            TYPE.withUnique(byTenant).request("a").withMeta(Map.of("tenant", "2")).toNewJob(),
            TYPE.request("a").toNewJob(),
            TYPE.request("a").toNewJob());

    assertThat(queue.insert(jobs)).noneMatch(Job::existing);
    assertThat(queue.insert(jobs.subList(0, 5))).allMatch(Job::existing);
  }

  @Test
  void aBatchOfBothKindsKeepsItsOrder() {
    Job before = insert(unique("b"));
    List<Job> jobs =
        queue.insert(
            List.of(job("1"), unique("a"), unique("b"), job("2"), unique("a"), unique("c")));

    assertThat(jobs)
        .extracting(job -> job.spec().args())
        .containsExactly("\"1\"", "\"a\"", "\"b\"", "\"2\"", "\"a\"", "\"c\"");
    assertThat(jobs)
        .extracting(Job::existing)
        .containsExactly(false, false, true, false, true, false);
    assertThat(jobs.get(2).id()).isEqualTo(before.id());
    assertThat(jobs.get(4).id()).isEqualTo(jobs.get(1).id());
    assertThat(jobs.stream().filter(job -> !job.existing()).map(Job::id)).isSorted();
    assertThat(claim(10))
        .extracting(lease -> lease.job().spec().args())
        .containsExactly("\"b\"", "\"1\"", "\"a\"", "\"2\"", "\"c\"");
  }

  @Test
  void aLargeBatchHoldsEachKeyOnce() {
    List<NewJob> jobs =
        IntStream.range(0, 2_500).mapToObj(i -> unique("key " + i % 1_200)).toList();

    List<Job> inserted = queue.insert(jobs);

    assertThat(inserted.stream().filter(job -> !job.existing())).hasSize(1_200);
    for (int i = 0; i < jobs.size(); i++) {
      assertThat(inserted.get(i).spec()).isEqualTo(jobs.get(i).spec());
      assertThat(inserted.get(i).id()).isEqualTo(inserted.get(i % 1_200).id());
    }
    assertThat(claim(5_000)).hasSize(1_200);
  }

  @Test
  void largeArgsOfAUniqueJobAreStored() {
    Job job = insert(unique("x".repeat(5_000)));

    assertThat(queue.find(job.id())).contains(job);
    assertThat(insert(unique("x".repeat(5_000)))).isEqualTo(job.asExisting());
  }

  /** How the job that came first stands when the second one comes. */
  private enum Situation {
    WAITING,
    EXECUTING,
    RETRYABLE,
    COMPLETED,
    CANCELLED,
    DISCARDED,
    PRUNED
  }

  private static final Map<Scope, Set<Situation>> HOLDING =
      Map.of(
          Scope.WAITING, Set.of(Situation.WAITING, Situation.RETRYABLE),
          Scope.INCOMPLETE, Set.of(Situation.WAITING, Situation.EXECUTING, Situation.RETRYABLE),
          Scope.SUCCESSFUL,
              Set.of(
                  Situation.WAITING, Situation.EXECUTING, Situation.RETRYABLE, Situation.COMPLETED),
          Scope.KEPT,
              Set.of(
                  Situation.WAITING,
                  Situation.EXECUTING,
                  Situation.RETRYABLE,
                  Situation.COMPLETED,
                  Situation.CANCELLED,
                  Situation.DISCARDED));

  @ParameterizedTest
  @EnumSource(Scope.class)
  void aJobHoldsItsKeyAsLongAsItIsInScope(Scope scope) {
    for (Situation situation : Situation.values()) {
      NewJob wanted = unique(scope + " " + situation, Unique.byArgs().during(scope));
      Job first = insert(wanted);
      bringTo(situation, first);

      Job second = insert(wanted);

      boolean held = HOLDING.get(scope).contains(situation);
      assertThat(second.existing()).as("%s, %s", scope, situation).isEqualTo(held);
      assertThat(second.id() == first.id()).as("%s, %s", scope, situation).isEqualTo(held);
      if (held) {
        assertThat(second).isEqualTo(queue.find(first.id()).orElseThrow().asExisting());
      } else {
        assertThat(insert(wanted)).isEqualTo(second.asExisting());
      }
      claim(10).forEach(lease -> end(lease, JobState.COMPLETED));
    }
  }

  private void bringTo(Situation situation, Job job) {
    switch (situation) {
      case WAITING -> {}
      case EXECUTING -> claimOne();
      case RETRYABLE -> backAtOnce(claimOne());
      case COMPLETED -> end(claimOne(), JobState.COMPLETED);
      case CANCELLED -> queue.cancel(List.of(job.id()));
      case DISCARDED -> end(claimOne(), JobState.DISCARDED);
      case PRUNED -> {
        end(claimOne(), JobState.COMPLETED);
        clock.advance(HOUR);
        assertThat(
                queue.history().delete(queue.history().ended(Duration.ofMinutes(1), null, 1_000)))
            .isPositive();
      }
    }
  }

  @Test
  void aPeriodCountsFromTheInsertionOfTheJobThatHoldsTheKey() {
    Unique unique = Unique.byArgs().during(Scope.KEPT).within(HOUR);
    Job first = insert(unique("a", unique));
    clock.advance(HOUR.minus(BLINK));
    assertThat(insert(unique("a", unique)).id()).isEqualTo(first.id());
    clock.advance(BLINK);

    Job second = insert(unique("a", unique));

    assertThat(second.existing()).isFalse();
    clock.advance(HOUR.minus(BLINK));
    assertThat(insert(unique("a", unique)).id()).isEqualTo(second.id());
  }

  @Test
  void aPeriodDoesNotOutlastTheScope() {
    Unique unique = Unique.byArgs().during(Scope.INCOMPLETE).within(HOUR);
    insert(unique("a", unique));
    end(claimOne(), JobState.COMPLETED);

    assertThat(insert(unique("a", unique)).existing()).isFalse();
  }

  @Test
  void theEndOfAnOldHolderDoesNotFreeTheKeyOfTheNewOne() {
    Unique unique = Unique.byArgs().during(Scope.SUCCESSFUL).within(HOUR);
    Job first = insert(unique("a", unique));
    clock.advance(HOUR);
    Job second = insert(unique("a", unique));

    queue.cancel(List.of(first.id()));
    clock.advance(HOUR.minus(BLINK));
    assertThat(queue.history().delete(queue.history().ended(Duration.ofMinutes(1), null, 10)))
        .isEqualTo(1);

    assertThat(insert(unique("a", unique)).id()).isEqualTo(second.id());
  }

  @Test
  void aRetriedJobTakesItsKeyAgain() {
    Job job = insert(unique("a"));
    queue.cancel(List.of(job.id()));

    assertThat(queue.retry(List.of(job.id()))).containsExactly(job.id());

    assertThat(insert(unique("a")).id()).isEqualTo(job.id());
    end(claimOne(), JobState.COMPLETED);
    assertThat(queue.retry(List.of(job.id()))).as("it has the key").containsExactly(job.id());
    assertThat(insert(unique("a")).id()).isEqualTo(job.id());
  }

  @Test
  void aFinalJobIsNotRetriedWhileAnotherOneHasItsKey() {
    Job first = insert(unique("a"));
    queue.cancel(List.of(first.id()));
    Job second = insert(unique("a"));

    assertThat(queue.retry(List.of(first.id()))).isEmpty();

    assertThat(find(first.id()).state()).isEqualTo(JobState.CANCELLED);
    assertThat(claim(10)).extracting(lease -> lease.job().id()).containsExactly(second.id());
    queue.cancel(List.of(second.id()));
  }

  @Test
  void ofManyRetriedJobsOneTakesTheKey() {
    List<Long> jobs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Job job = insert(unique("a"));
      queue.cancel(List.of(job.id()));
      jobs.add(job.id());
    }
    Job other = insert(job("b"));
    queue.cancel(List.of(other.id()));
    jobs.add(other.id());

    assertThat(queue.retry(jobs)).hasSize(2).contains(other.id());
    assertThat(claim(10)).hasSize(2);
  }

  @Test
  void aRetryAfterThePeriodNeedsNoKey() {
    Unique unique = Unique.byArgs().within(HOUR);
    Job first = insert(unique("a", unique));
    queue.cancel(List.of(first.id()));
    clock.advance(HOUR);
    Job second = insert(unique("a", unique));

    assertThat(queue.retry(List.of(first.id()))).containsExactly(first.id());
    assertThat(insert(unique("a", unique)).id()).isEqualTo(second.id());
  }

  private static NewJob unique(String args) {
    return unique(args, Unique.byArgs());
  }

  private static NewJob unique(String args, Unique unique) {
    return TYPE.request(args).withUnique(unique).toNewJob();
  }
}
