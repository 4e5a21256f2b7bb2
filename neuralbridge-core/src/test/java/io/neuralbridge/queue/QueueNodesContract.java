package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How every {@link Queue} keeps nodes, and frees the jobs of those that died. */
public abstract class QueueNodesContract extends QueueFixture {

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
  void aRescuedJobKeepsItsPlaceInTheLine() {
    Lease lease = insertAndClaim();
    clock.advance(BLINK);
    insert(job("later"));
    queue.leave(node);
    clock.advance(TTL);
    queue.rescue(3);
    node = queue.join("another", TTL);

    assertThat(find(lease).runAt()).isEqualTo(lease.job().runAt());
    assertThat(claimOne().job().id()).isEqualTo(lease.job().id());
  }

  @Test
  void leasesTellsWhatANodeHasAndNothingElse() {
    Lease first = insertAndClaim();
    Lease second = insertAndClaim();
    Lease ended = insertAndClaim();
    queue.settle(List.of(done(ended)));
    insert(job("waiting"));
    long other = queue.join("other", TTL);
    queue.claim(new Claim("default", other, 1));

    assertThat(queue.leases(node))
        .containsOnly(
            Map.entry(first.job().id(), first.token()),
            Map.entry(second.job().id(), second.token()));
    assertThat(queue.leases(4711)).isEmpty();
  }

  @Test
  void leasesOfANodeThatWasRescuedAreGone() {
    insertAndClaim();
    clock.advance(TTL.plus(BLINK));
    queue.rescue(3);

    assertThat(queue.leases(node)).isEmpty();
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
}
