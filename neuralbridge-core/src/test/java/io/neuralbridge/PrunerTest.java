package io.neuralbridge;

import static io.neuralbridge.TestWorker.TYPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.ArchivedJob;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Paging;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.EndedJob;
import io.neuralbridge.queue.History;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrunerTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private final InMemoryQueue store = new InMemoryQueue(clock);
  private final Settings settings = new Settings();
  private final CountingHistory history = new CountingHistory();
  private final long node = store.join("here", Duration.ofDays(1_000));
  private boolean leads = true;

  /** Counts the jobs that the pruner looks at. */
  private final class CountingHistory implements History {
    int seen;

    @Override
    public List<EndedJob> ended(Duration age, @Nullable EndedJob after, int limit) {
      List<EndedJob> ended = store.history().ended(age, after, limit);
      seen += ended.size();
      return ended;
    }

    @Override
    public List<ArchivedJob> read(List<EndedJob> jobs) {
      return store.history().read(jobs);
    }

    @Override
    public int delete(List<EndedJob> jobs) {
      return store.history().delete(jobs);
    }

    @Override
    public int deleteFlows(Duration age, int limit) {
      return store.history().deleteFlows(age, limit);
    }
  }

  private Pruner pruner() {
    return new Pruner(history, settings, () -> leads, this::nanos);
  }

  private long nanos() {
    return Duration.between(Instant.parse("2026-01-01T00:00:00Z"), clock.instant()).toNanos();
  }

  private void end(JobType<String> type, JobState state, int count) {
    store.insert(Collections.nCopies(count, type.request("x").toNewJob()));
    List<Lease> leases = store.claim(new Claim(type.queue(), node, count));
    store.settle(leases.stream().map(lease -> finish(lease, state)).toList());
  }

  private Transition finish(Lease lease, JobState state) {
    JobError error = JobError.of(1, clock.instant(), "why", "because");
    return new Transition.Finish(lease.job().id(), lease.token(), state, null, error);
  }

  /** Rounds until there is nothing to do for a while. */
  private int untilItRests(Pruner pruner) throws Exception {
    int rounds = 1;
    while (pruner.round().compareTo(Duration.ofSeconds(1)) < 0) {
      rounds++;
    }
    return rounds;
  }

  private long left(JobFilter filter) {
    return store.list(filter, Paging.newest(1_000)).items().size();
  }

  private long left(JobState state) {
    return left(JobFilter.all().withStates(state));
  }

  @Test
  void finalJobsAreKeptForSevenDays() throws Exception {
    end(TYPE, JobState.COMPLETED, 3);
    clock.advance(Duration.ofDays(7));
    untilItRests(pruner());
    assertThat(left(JobState.COMPLETED)).isEqualTo(3);

    clock.advance(Duration.ofMillis(1));
    untilItRests(pruner());
    assertThat(left(JobState.COMPLETED)).isZero();
  }

  @Test
  void manyJobsAreDeletedInChunks() throws Exception {
    end(TYPE, JobState.COMPLETED, 2_500);
    clock.advance(Duration.ofDays(8));

    assertThat(untilItRests(pruner())).isEqualTo(3);

    assertThat(left(JobFilter.all())).isZero();
  }

  @Test
  void onlyTheLeaderPrunes() throws Exception {
    end(TYPE, JobState.COMPLETED, 1);
    clock.advance(Duration.ofDays(8));
    leads = false;
    untilItRests(pruner());
    assertThat(history.seen).isZero();

    leads = true;
    untilItRests(pruner());
    assertThat(left(JobFilter.all())).isZero();
  }

  @Test
  void eachJobIsKeptAsItsMostSpecificRuleSays() throws Exception {
    settings.retention(
        Retention.of(DAY)
            .forState(JobState.DISCARDED, DAY.multipliedBy(30))
            .forQueue("noise", Duration.ZERO)
            .forKind("audit", DAY.multipliedBy(365)));
    JobType<String> noise = TYPE.withQueue("noise");
    JobType<String> audit = JobType.of("audit", String.class).withQueue("noise");
    end(TYPE, JobState.COMPLETED, 1);
    end(TYPE, JobState.DISCARDED, 2);
    end(noise, JobState.DISCARDED, 3);
    end(audit, JobState.COMPLETED, 4);
    Pruner pruner = pruner();

    clock.advance(Duration.ofMinutes(2));
    untilItRests(pruner);
    assertThat(left(JobFilter.all())).as("the noise is gone").isEqualTo(7);
    clock.advance(DAY);
    untilItRests(pruner);
    assertThat(left(JobFilter.all())).as("what completed is gone").isEqualTo(6);
    clock.advance(DAY.multipliedBy(30));
    untilItRests(pruner);
    assertThat(left(JobFilter.all().withKinds("audit"))).isEqualTo(4);
    assertThat(left(JobFilter.all())).isEqualTo(4);
    clock.advance(DAY.multipliedBy(365));
    untilItRests(pruner);
    assertThat(left(JobFilter.all())).isZero();
  }

  @Test
  void jobsThatAreKeptLongerAreNotLookedAtAgainAndAgain() throws Exception {
    settings.retention(Retention.of(HOUR).forState(JobState.DISCARDED, DAY.multipliedBy(30)));
    end(TYPE, JobState.DISCARDED, 500);
    clock.advance(HOUR.multipliedBy(2));
    Pruner pruner = pruner();
    for (int i = 0; i < 100; i++) {
      untilItRests(pruner);
      clock.advance(Duration.ofMinutes(1));
    }
    assertThat(history.seen).isEqualTo(500);

    end(TYPE, JobState.COMPLETED, 1);
    clock.advance(HOUR.multipliedBy(2));
    untilItRests(pruner);
    assertThat(left(JobState.COMPLETED)).isZero();
    assertThat(left(JobState.DISCARDED)).isEqualTo(500);
    assertThat(history.seen).isEqualTo(501);
  }

  @Test
  void aJobThatCameToLightLateIsFoundWithinADay() throws Exception {
    settings.retention(Retention.of(HOUR).forState(JobState.DISCARDED, DAY.multipliedBy(30)));
    clock.advance(HOUR);
    end(TYPE, JobState.DISCARDED, 1);
    clock.advance(HOUR.multipliedBy(2));
    Pruner pruner = pruner();
    untilItRests(pruner);
    clock.advance(HOUR.multipliedBy(3).negated());
    end(TYPE, JobState.COMPLETED, 1);
    clock.advance(HOUR.multipliedBy(4));
    untilItRests(pruner);
    assertThat(left(JobState.COMPLETED)).as("passed over").isEqualTo(1);

    clock.advance(DAY);
    untilItRests(pruner);
    assertThat(left(JobState.COMPLETED)).isZero();
  }

  @Test
  void theArchiveGetsEveryJobWithItsErrorsBeforeItIsGone() throws Exception {
    List<ArchivedJob> archived = new ArrayList<>();
    settings.archive(
        jobs -> {
          assertThat(jobs).hasSizeLessThanOrEqualTo(100);
          assertThat(jobs)
              .allSatisfy(job -> assertThat(store.find(job.job().id())).contains(job.job()));
          archived.addAll(jobs);
        });
    end(TYPE, JobState.DISCARDED, 250);
    clock.advance(Duration.ofDays(8));

    untilItRests(pruner());

    assertThat(archived).extracting(job -> job.job().id()).hasSize(250).doesNotHaveDuplicates();
    assertThat(archived).allSatisfy(job -> assertThat(job.errors()).hasSize(1));
    assertThat(left(JobFilter.all())).isZero();
  }

  @Test
  void whatTheArchiveRefusesIsKeptAndComesAgain() throws Exception {
    List<Integer> came = new ArrayList<>();
    settings.archive(
        jobs -> {
          came.add(jobs.size());
          if (came.size() < 3) {
            throw new IllegalStateException("the bucket is full");
          }
        });
    end(TYPE, JobState.COMPLETED, 5);
    clock.advance(Duration.ofDays(8));
    Pruner pruner = pruner();

    assertThatThrownBy(pruner::round).hasMessageContaining("bucket");
    assertThatThrownBy(pruner::round).hasMessageContaining("bucket");
    assertThat(left(JobFilter.all())).isEqualTo(5);

    untilItRests(pruner);
    assertThat(left(JobFilter.all())).isZero();
    assertThat(came).containsExactly(5, 5, 5);
  }

  @Test
  void theMostSpecificRuleWins() {
    Retention retention =
        Retention.of(DAY)
            .forState(JobState.DISCARDED, Duration.ofDays(2))
            .forQueue("q", Duration.ofDays(3))
            .forQueue("q", JobState.DISCARDED, Duration.ofDays(4))
            .forKind("k", Duration.ofDays(5))
            .forKind("k", JobState.DISCARDED, Duration.ofDays(6));

    assertThat(retention.of("x", "x", JobState.COMPLETED)).isEqualTo(DAY);
    assertThat(retention.of("x", "x", JobState.DISCARDED)).hasDays(2);
    assertThat(retention.of("x", "q", JobState.COMPLETED)).hasDays(3);
    assertThat(retention.of("x", "q", JobState.DISCARDED)).hasDays(4);
    assertThat(retention.of("k", "q", JobState.COMPLETED)).hasDays(5);
    assertThat(retention.of("k", "q", JobState.DISCARDED)).hasDays(6);
  }

  @Test
  void badRetentionsAreRefusedWithTheReason() {
    Retention retention = Retention.of(DAY).forQueue("q", HOUR);

    assertThatThrownBy(() -> retention.forQueue("q", DAY)).hasMessageContaining("two retentions");
    assertThatThrownBy(() -> retention.forState(JobState.EXECUTING, DAY))
        .hasMessageContaining("EXECUTING is not final");
    assertThatThrownBy(() -> retention.forKind("no good", DAY)).hasMessageContaining("'no good'");
    assertThatThrownBy(() -> retention.forKind("k", Duration.ofDays(-1)))
        .hasMessageContaining("negative");
    assertThatThrownBy(() -> Retention.of(Duration.ofDays(40_000)))
        .hasMessageContaining("36500 days");
  }
}
