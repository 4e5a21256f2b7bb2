package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} ends leases. */
public abstract class QueueSettleContract extends QueueFixture {

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
}
