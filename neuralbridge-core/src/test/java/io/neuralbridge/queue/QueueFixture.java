package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of {@link Queue} start from: an empty queue with one node. */
public abstract class QueueFixture {

  static final Duration TTL = Duration.ofSeconds(20);
  static final Duration BLINK = Duration.ofMillis(1);
  static final JobType<String> TYPE = JobType.of("greet", String.class);

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  Queue queue;
  long node;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @BeforeEach
  void openQueue() throws Exception {
    queue = newQueue(clock);
    node = queue.join("here", TTL);
  }

  static NewJob job(String args) {
    return TYPE.request(args).toNewJob();
  }

  final Job insert(NewJob job) {
    return queue.insert(List.of(job)).get(0);
  }

  final List<Lease> claim(int limit) {
    return queue.claim(new Claim("default", node, limit));
  }

  final Lease claimOne() {
    List<Lease> leases = claim(1);
    assertThat(leases).hasSize(1);
    return leases.get(0);
  }

  final Lease insertAndClaim() {
    Job job = insert(job("x"));
    Lease lease = claimOne();
    assertThat(lease.job().id()).isEqualTo(job.id());
    return lease;
  }

  final Job find(Lease lease) {
    return find(lease.job().id());
  }

  final Job find(long id) {
    return queue.find(id).orElseThrow();
  }

  final void end(Lease lease, JobState state) {
    assertThat(queue.settle(List.of(finish(lease.job().id(), lease.token(), state)))).hasSize(1);
  }

  final void backAtOnce(Lease lease) {
    assertThat(queue.settle(List.of(back(lease, Duration.ZERO, false, null)))).hasSize(1);
  }

  final JobError error(int attempt, String message) {
    return JobError.of(attempt, clock.instant(), "test", message);
  }

  static Transition done(Lease lease) {
    return finish(lease.job().id(), lease.token(), JobState.COMPLETED);
  }

  static Transition finish(long id, long token, JobState state) {
    return new Transition.Finish(id, token, state, null, null);
  }

  static Transition back(Lease lease, Duration delay, boolean refund, JobError error) {
    return new Transition.Back(lease.job().id(), lease.token(), delay, refund, error);
  }
}
