package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Queue} does. A store passes when its subclass does. */
public abstract class QueueContract {

  private static final Duration TTL = Duration.ofSeconds(20);
  private static final Duration BLINK = Duration.ofMillis(1);
  private static final JobType<String> TYPE = JobType.of("greet", String.class);

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private Queue queue;
  private long node;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @BeforeEach
  void openQueue() throws Exception {
    queue = newQueue(clock);
    node = queue.join("here", TTL);
  }

  // insert and read

  @Test
  void insertReturnsTheJobsInTheOrderGivenWithGrowingIds() {
    List<Job> jobs = queue.insert(IntStream.range(0, 100).mapToObj(i -> job("args " + i)).toList());

    assertThat(jobs).extracting(job -> job.spec().args()).startsWith("\"args 0\"", "\"args 1\"");
    assertThat(jobs).extracting(Job::id).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void insertOfNothingDoesNothing() {
    assertThat(queue.insert(List.of())).isEmpty();
  }

  @Test
  void findReturnsWhatWasInserted() {
    NewJob wanted =
        TYPE.withQueue("slow")
            .withPriority(3)
            .withMaxAttempts(7)
            .withTags("b", "a")
            .request("naïve \u0000 \uD83D\uDE80 \"quoted\"")
            .withMeta(Map.of("tenant", "Zoë"))
            .withKey("tenant 7")
            .withWeight(300)
            .withDeadline(clock.instant().plusSeconds(60))
            .toNewJob();

    Job inserted = queue.insert(List.of(wanted)).get(0);
    Job found = queue.find(inserted.id()).orElseThrow();

    assertThat(found).isEqualTo(inserted);
    assertThat(found.spec()).isEqualTo(wanted.spec());
    assertThat(found.state()).isEqualTo(JobState.AVAILABLE);
    assertThat(found.createdAt()).isEqualTo(clock.instant());
    assertThat(found.runAt()).isEqualTo(clock.instant());
    assertThat(TYPE.decode(found.spec().args())).isEqualTo("naïve \u0000 \uD83D\uDE80 \"quoted\"");
  }

  @Test
  void findOfAnUnknownIdIsEmpty() {
    assertThat(queue.find(4711)).isEmpty();
    assertThat(queue.errors(4711)).isEmpty();
  }

  @Test
  void countsHasEveryState() {
    insert(job("now"));
    insert(TYPE.request("later").in(Duration.ofHours(1)).toNewJob());
    Lease lease = claimOne();

    assertThat(queue.counts())
        .containsOnlyKeys(JobState.values())
        .containsEntry(JobState.EXECUTING, 1L)
        .containsEntry(JobState.SCHEDULED, 1L)
        .containsEntry(JobState.AVAILABLE, 0L);

    queue.settle(List.of(done(lease)));
    assertThat(queue.counts())
        .containsEntry(JobState.COMPLETED, 1L)
        .containsEntry(JobState.EXECUTING, 0L);
  }

  // claim

  @Test
  void claimTakesLowestPriorityNumberThenEarliestDueThenOldest() {
    Job late = insert(TYPE.withPriority(5).request("late").toNewJob());
    Job second = insert(job("second"));
    Job third = insert(job("third"));
    Job earlier = insert(TYPE.request("first").at(clock.instant().minusSeconds(60)).toNewJob());
    Job urgent = insert(TYPE.withPriority(0).request("urgent").toNewJob());

    assertThat(claim(10))
        .extracting(lease -> lease.job().id())
        .containsExactly(urgent.id(), earlier.id(), second.id(), third.id(), late.id());
  }

  @Test
  void claimTakesNoMoreThanItsLimitAndNothingTwice() {
    queue.insert(Collections.nCopies(5, job("x")));

    assertThat(claim(3)).hasSize(3);
    assertThat(claim(3)).hasSize(2);
    assertThat(claim(3)).isEmpty();
  }

  @Test
  void claimTakesOnlyTheNamedQueue() {
    insert(TYPE.withQueue("other").request("x").toNewJob());

    assertThat(claim(1)).isEmpty();
    assertThat(queue.claim(new Claim("other", node, 1))).hasSize(1);
  }

  @Test
  void claimBeginsAnAttempt() {
    insert(job("x"));

    Job claimed = claimOne().job();

    assertThat(claimed.attempt()).isEqualTo(1);
    assertThat(claimed.state()).isEqualTo(JobState.EXECUTING);
    assertThat(queue.find(claimed.id())).contains(claimed);
  }

  @Test
  void claimLeavesJobsThatAreNotDue() {
    insert(TYPE.request("x").in(Duration.ofSeconds(10)).toNewJob());

    assertThat(claim(1)).isEmpty();
    clock.advance(Duration.ofSeconds(10).minus(BLINK));
    assertThat(claim(1)).isEmpty();
    clock.advance(BLINK);
    assertThat(claim(1)).hasSize(1);
  }

  @Test
  void claimGivesNothingToANodeThatIsNotJoined() {
    insert(job("x"));
    queue.leave(node);

    assertThat(claim(1)).isEmpty();
  }

  @Test
  void untilNextDueTellsTheWaitForTheEarliestJobOfTheQueue() {
    assertThat(queue.untilNextDue("default")).isEmpty();
    insert(TYPE.withPriority(4).request("x").in(Duration.ofSeconds(30)).toNewJob());
    insert(TYPE.request("x").in(Duration.ofSeconds(90)).toNewJob());
    insert(TYPE.withQueue("other").request("x").toNewJob());
    assertThat(queue.untilNextDue("default")).contains(Duration.ofSeconds(30));

    clock.advance(Duration.ofSeconds(31));
    assertThat(queue.untilNextDue("default")).contains(Duration.ZERO);
  }

  @Test
  void concurrentClaimsNeverShareAJob() throws Exception {
    int jobs = 500;
    queue.insert(Collections.nCopies(jobs, job("x")));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<List<Long>>> claims = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      claims.add(threads.submit(this::claimAllInSmallSteps));
    }
    List<Long> claimed = new ArrayList<>();
    for (Future<List<Long>> claim : claims) {
      claimed.addAll(claim.get());
    }
    threads.shutdown();

    assertThat(claimed).hasSize(jobs).doesNotHaveDuplicates();
  }

  private List<Long> claimAllInSmallSteps() {
    List<Long> mine = new ArrayList<>();
    while (queue.counts().get(JobState.AVAILABLE) > 0) {
      claim(7).forEach(lease -> mine.add(lease.job().id()));
    }
    return mine;
  }

  // settle

  @Test
  void settleCompletesWithAResult() {
    Lease lease = insertAndClaim();
    clock.advance(Duration.ofSeconds(2));

    Set<Long> accepted =
        queue.settle(
            List.of(
                new Transition.Finish(
                    lease.job().id(), lease.token(), JobState.COMPLETED, "{\"n\":1}", null)));

    Job job = find(lease);
    assertThat(accepted).containsExactly(job.id());
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.result()).isEqualTo("{\"n\":1}");
    assertThat(job.finishedAt()).isEqualTo(clock.instant());
    assertThat(job.spec()).isEqualTo(lease.job().spec());
    assertThat(job.createdAt()).isEqualTo(lease.job().createdAt());
    assertThat(claim(1)).isEmpty();
  }

  @Test
  void settleBackMakesTheJobWaitAndKeepsItsError() {
    Lease lease = insertAndClaim();
    JobError error = JobError.of(1, clock.instant(), "api_down", "no answer \u0000");

    queue.settle(List.of(back(lease, Duration.ofMinutes(1), false, error)));

    assertThat(find(lease).state()).isEqualTo(JobState.RETRYABLE);
    assertThat(find(lease).attempt()).isEqualTo(1);
    assertThat(queue.errors(lease.job().id())).containsExactly(error);
    assertThat(claim(1)).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(find(lease).state()).isEqualTo(JobState.AVAILABLE);
    assertThat(claimOne().job().attempt()).isEqualTo(2);
  }

  @Test
  void settleBackWithARefundCostsNoAttempt() {
    Lease lease = insertAndClaim();

    queue.settle(List.of(back(lease, Duration.ofMinutes(1), true, null)));

    assertThat(find(lease).state()).isEqualTo(JobState.SCHEDULED);
    assertThat(find(lease).attempt()).isZero();
  }

  @Test
  void errorsOfSeveralAttemptsStandInOrderAndOneAttemptKeepsOne() {
    Lease first = insertAndClaim();
    queue.settle(List.of(back(first, Duration.ZERO, false, error(1, "one"))));
    queue.settle(List.of(back(claimOne(), Duration.ZERO, true, error(2, "two"))));
    Lease third = claimOne();
    queue.settle(
        List.of(
            new Transition.Finish(
                third.job().id(), third.token(), JobState.DISCARDED, null, error(2, "again"))));

    assertThat(find(first).state()).isEqualTo(JobState.DISCARDED);
    assertThat(queue.errors(first.job().id()))
        .extracting(JobError::message)
        .containsExactly("one", "again");
  }

  @Test
  void settleRefusesATokenThatIsNotTheLeases() {
    Lease lease = insertAndClaim();

    Set<Long> accepted =
        queue.settle(List.of(finish(lease.job().id(), lease.token() + 1, JobState.COMPLETED)));

    assertThat(accepted).isEmpty();
    assertThat(find(lease).state()).isEqualTo(JobState.EXECUTING);
  }

  @Test
  void settleOfAStaleLeaseWritesNothing() {
    Lease stale = insertAndClaim();
    queue.settle(List.of(back(stale, Duration.ZERO, false, null)));
    Lease current = claimOne();

    Set<Long> accepted =
        queue.settle(List.of(back(stale, Duration.ZERO, false, error(1, "too late"))));

    assertThat(accepted).isEmpty();
    assertThat(queue.errors(stale.job().id())).isEmpty();
    assertThat(queue.settle(List.of(done(current)))).hasSize(1);
  }

  @Test
  void settleTwiceIsAcceptedOnce() {
    Lease lease = insertAndClaim();

    assertThat(queue.settle(List.of(done(lease)))).hasSize(1);
    assertThat(queue.settle(List.of(done(lease)))).isEmpty();
  }

  @Test
  void settleTakesAMixedBatch() {
    queue.insert(Collections.nCopies(6, job("x")));
    List<Lease> leases = claim(6);
    List<Transition> batch =
        List.of(
            done(leases.get(0)),
            finish(leases.get(1).job().id(), leases.get(1).token(), JobState.CANCELLED),
            back(leases.get(2), Duration.ofSeconds(5), false, error(1, "x")),
            done(leases.get(3)),
            finish(leases.get(4).job().id(), 1, JobState.COMPLETED),
            back(leases.get(5), Duration.ZERO, true, null));

    assertThat(queue.settle(batch)).hasSize(5).doesNotContain(leases.get(4).job().id());
    assertThat(queue.counts())
        .containsEntry(JobState.COMPLETED, 2L)
        .containsEntry(JobState.CANCELLED, 1L)
        .containsEntry(JobState.RETRYABLE, 1L)
        .containsEntry(JobState.AVAILABLE, 1L)
        .containsEntry(JobState.EXECUTING, 1L);
  }

  @Test
  void settleOfNothingDoesNothing() {
    assertThat(queue.settle(List.of())).isEmpty();
  }

  // nodes and rescue

  @Test
  void rescueFreesTheJobsOfANodeThatWasNotRenewed() {
    Lease lease = insertAndClaim();
    clock.advance(TTL.plus(BLINK));

    List<Job> rescued = queue.rescue(3);

    assertThat(rescued).extracting(Job::id).containsExactly(lease.job().id());
    assertThat(rescued.get(0)).isEqualTo(find(lease));
    assertThat(find(lease).state()).isEqualTo(JobState.AVAILABLE);
    assertThat(find(lease).attempt()).as("a crash is no failure").isZero();
    assertThat(find(lease).crashes()).isEqualTo(1);
    assertThat(queue.errors(lease.job().id()))
        .extracting(JobError::code)
        .containsExactly("node_lost");
  }

  @Test
  void rescueLeavesTheJobsOfARenewedNode() {
    Lease lease = insertAndClaim();
    clock.advance(TTL.minus(BLINK));
    assertThat(queue.renew(node, TTL)).isEqualTo(new Renewal(true, Set.of()));
    clock.advance(TTL.minus(BLINK));

    assertThat(queue.rescue(3)).isEmpty();
    assertThat(queue.settle(List.of(done(lease)))).hasSize(1);
  }

  @Test
  void aRescuedJobsOldLeaseIsRefused() {
    Lease lease = insertAndClaim();
    clock.advance(TTL.plus(BLINK));
    queue.rescue(3);

    assertThat(queue.settle(List.of(done(lease)))).isEmpty();
    assertThat(queue.renew(node, TTL)).isEqualTo(Renewal.DEAD);
    assertThat(claim(1)).as("a dead node gets no work").isEmpty();
    node = queue.join("again", TTL);
    assertThat(claimOne().job().attempt()).isEqualTo(1);
  }

  @Test
  void aNodeThatIsLateButNotYetRescuedMayRenew() {
    insertAndClaim();
    clock.advance(TTL.multipliedBy(3));

    assertThat(queue.renew(node, TTL).alive()).isTrue();
    assertThat(queue.rescue(3)).isEmpty();
  }

  @Test
  void rescueFreesTheJobsOfANodeThatLeft() {
    insertAndClaim();
    queue.leave(node);

    assertThat(queue.rescue(3)).hasSize(1);
  }

  @Test
  void aJobWhoseNodesKeepDyingIsDiscardedWithTheReason() {
    Lease lease = insertAndClaim();
    for (int crash = 1; crash < 3; crash++) {
      queue.leave(node);
      assertThat(queue.rescue(3)).hasSize(1);
      node = queue.join("again", TTL);
      claimOne();
    }
    queue.leave(node);
    queue.rescue(3);

    assertThat(find(lease).state()).isEqualTo(JobState.DISCARDED);
    assertThat(find(lease).crashes()).isEqualTo(3);
    assertThat(queue.errors(lease.job().id()))
        .extracting(JobError::code)
        .containsExactly("quarantined");
  }

  // cancel, retry, prune

  @Test
  void cancelEndsAWaitingJobAtOnce() {
    Job job = insert(job("x"));

    assertThat(queue.cancel(List.of(job.id(), 4711L))).containsExactly(job.id());
    assertThat(queue.find(job.id()).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    assertThat(claim(1)).isEmpty();
    assertThat(queue.cancel(List.of(job.id()))).as("final already").isEmpty();
  }

  @Test
  void cancelOfARunningJobReachesItsNodeWithTheRenewal() {
    Lease lease = insertAndClaim();
    long id = lease.job().id();
    long other = queue.join("other", TTL);

    assertThat(queue.cancel(List.of(id))).containsExactly(id);

    assertThat(find(lease).state()).isEqualTo(JobState.EXECUTING);
    assertThat(queue.renew(node, TTL).cancelRequested()).containsExactly(id);
    assertThat(queue.renew(other, TTL).cancelRequested()).isEmpty();
  }

  @Test
  void aCancelledJobThatComesBackTellsItsNextClaim() {
    Lease lease = insertAndClaim();
    queue.cancel(List.of(lease.job().id()));
    queue.settle(List.of(back(lease, Duration.ZERO, false, null)));

    assertThat(claimOne().cancelRequested()).isTrue();
  }

  @Test
  void retryBringsAFinalJobBackWithAnAttemptLeft() {
    Job job = insert(TYPE.withMaxAttempts(1).request("x").toNewJob());
    Lease lease = claimOne();
    queue.cancel(List.of(job.id()));
    queue.settle(
        List.of(
            new Transition.Finish(
                job.id(), lease.token(), JobState.DISCARDED, null, error(1, "x"))));

    assertThat(queue.retry(List.of(job.id(), 4711L))).containsExactly(job.id());

    Lease again = claimOne();
    assertThat(again.job().id()).isEqualTo(job.id());
    assertThat(again.job().attempt()).isEqualTo(1);
    assertThat(again.cancelRequested()).isFalse();
    assertThat(again.job().spec()).isEqualTo(job.spec());
    assertThat(queue.settle(List.of(done(again)))).hasSize(1);
    assertThat(find(again).finishedAt()).isEqualTo(clock.instant());
  }

  @Test
  void retryMakesAWaitingJobDueNowAndLeavesARunningOne() {
    Job scheduled = insert(TYPE.request("x").in(Duration.ofHours(1)).toNewJob());
    Lease running = insertAndClaim();

    assertThat(queue.retry(List.of(scheduled.id(), running.job().id())))
        .containsExactly(scheduled.id());
    assertThat(claimOne().job().id()).isEqualTo(scheduled.id());
  }

  @Test
  void pruneDeletesOldFinalJobsInBoundedSteps() {
    queue.insert(Collections.nCopies(5, job("x")));
    List<Lease> leases = claim(5);
    queue.settle(leases.stream().limit(4).map(QueueContract::done).toList());
    clock.advance(Duration.ofHours(1));
    queue.settle(List.of(done(leases.get(4))));
    Job waiting = insert(job("y"));
    clock.advance(BLINK);

    assertThat(queue.prune(Duration.ofHours(1), 3)).isEqualTo(3);
    assertThat(queue.prune(Duration.ofHours(1), 3)).isEqualTo(1);
    assertThat(queue.prune(Duration.ofHours(1), 3)).isZero();
    assertThat(queue.find(leases.get(0).job().id())).isEmpty();
    assertThat(queue.find(leases.get(4).job().id())).isPresent();
    assertThat(queue.find(waiting.id())).isPresent();
  }

  @Test
  void tokensDiffer() {
    queue.insert(Collections.nCopies(50, job("x")));
    Set<Long> tokens = new HashSet<>();
    claim(25).forEach(lease -> tokens.add(lease.token()));
    claim(25).forEach(lease -> tokens.add(lease.token()));

    assertThat(tokens).as("a new token with every claim").hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void aClaimForNothingIsRefused() {
    assertThatThrownBy(() -> new Claim("default", node, 0)).hasMessageContaining("at least 1");
  }

  private static NewJob job(String args) {
    return TYPE.request(args).toNewJob();
  }

  private Job insert(NewJob job) {
    return queue.insert(List.of(job)).get(0);
  }

  private List<Lease> claim(int limit) {
    return queue.claim(new Claim("default", node, limit));
  }

  private Lease claimOne() {
    List<Lease> leases = claim(1);
    assertThat(leases).hasSize(1);
    return leases.get(0);
  }

  private Lease insertAndClaim() {
    Job job = insert(job("x"));
    Lease lease = claimOne();
    assertThat(lease.job().id()).isEqualTo(job.id());
    return lease;
  }

  private Job find(Lease lease) {
    return queue.find(lease.job().id()).orElseThrow();
  }

  private JobError error(int attempt, String message) {
    return JobError.of(attempt, clock.instant(), "test", message);
  }

  private static Transition done(Lease lease) {
    return finish(lease.job().id(), lease.token(), JobState.COMPLETED);
  }

  private static Transition finish(long id, long token, JobState state) {
    return new Transition.Finish(id, token, state, null, null);
  }

  private static Transition back(Lease lease, Duration delay, boolean refund, JobError error) {
    return new Transition.Back(lease.job().id(), lease.token(), delay, refund, error);
  }
}
