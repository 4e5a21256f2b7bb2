package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a lease tells its holder, and what a cancellation does to it. */
public abstract class LeaseContract {

  private static final JobType<String> TYPE = JobType.of("greet", String.class);

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  private Queue queue;
  private long node;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @BeforeEach
  void openQueue() throws Exception {
    queue = newQueue(clock);
    node = queue.join("here", Duration.ofHours(1));
    queue.insert(List.of(TYPE.request("x").toNewJob()));
  }

  private Lease claimOne() {
    List<Lease> leases = queue.claim(new Claim("default", node, 1));
    assertThat(leases).hasSize(1);
    return leases.get(0);
  }

  private static Transition back(Lease lease, Duration delay) {
    return new Transition.Back(lease.job().id(), lease.token(), delay, false, null);
  }

  @Test
  void aLeaseTellsTheStoresTimeOfItsClaim() {
    clock.advance(Duration.ofSeconds(7));

    assertThat(claimOne().claimedAt()).isEqualTo(clock.instant());
  }

  @Test
  void aLeaseThatIsHandedBackKeepsItsPlaceInTheLineAndItsAttempt() {
    Lease lease = claimOne();
    clock.advance(Duration.ofSeconds(1));
    queue.insert(List.of(TYPE.request("later").toNewJob()));
    clock.advance(Duration.ofSeconds(1));

    queue.settle(List.of(Transition.Back.inPlace(lease.job().id(), lease.token(), null)));

    Lease again = claimOne();
    assertThat(again.job().id()).isEqualTo(lease.job().id());
    assertThat(again.job().runAt()).isEqualTo(lease.job().runAt());
    assertThat(again.job().attempt()).isEqualTo(1);
  }

  @Test
  void aJobThatWasGivenUpWhileItRanIsDueAtOnceAndItsNextLeaseSaysSo() {
    Lease lease = claimOne();
    queue.cancel(List.of(lease.job().id()));

    queue.settle(List.of(back(lease, Duration.ofHours(1))));

    assertThat(queue.find(lease.job().id()).orElseThrow().state()).isEqualTo(JobState.AVAILABLE);
    assertThat(claimOne().cancelRequested()).isTrue();
  }

  @Test
  void aJobThatNobodyGaveUpWaitsAsLongAsItsOutcomeSays() {
    Lease lease = claimOne();

    queue.settle(List.of(back(lease, Duration.ofHours(1))));

    assertThat(queue.claim(new Claim("default", node, 1))).isEmpty();
    clock.advance(Duration.ofHours(1));
    assertThat(claimOne().cancelRequested()).isFalse();
  }
}
