package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} gives jobs up, and takes them up again. */
public abstract class QueueCancelContract extends QueueFixture {

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
  void retryTakesBackACancellationThatIsStillToCome() {
    Lease lease = insertAndClaim();
    queue.cancel(List.of(lease.job().id()));
    queue.settle(List.of(back(lease, Duration.ZERO, false, null)));

    assertThat(queue.retry(List.of(lease.job().id()))).containsExactly(lease.job().id());

    assertThat(claimOne().cancelRequested()).isFalse();
  }

  @Test
  void retryMakesAWaitingJobDueNowAndLeavesARunningOne() {
    Job scheduled = insert(TYPE.request("x").in(Duration.ofHours(1)).toNewJob());
    Lease running = insertAndClaim();

    assertThat(queue.retry(List.of(scheduled.id(), running.job().id())))
        .containsExactly(scheduled.id());
    assertThat(claimOne().job().id()).isEqualTo(scheduled.id());
  }
}
