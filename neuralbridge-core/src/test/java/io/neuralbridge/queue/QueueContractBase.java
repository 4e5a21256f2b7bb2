package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** A queue on a virtual clock and one node on it, for the contracts of a topic. */
public abstract class QueueContractBase {

  protected static final Duration TTL = Duration.ofDays(10_000);
  protected static final Duration BLINK = Duration.ofMillis(1);
  protected static final JobType<String> TYPE = JobType.of("greet", String.class);

  protected final VirtualClock clock = new VirtualClock(Instant.parse("2026-03-01T12:00:00Z"));
  protected Queue queue;
  protected long node;

  /** An empty queue whose time is {@code clock}'s. */
  protected abstract Queue newQueue(InstantSource clock) throws Exception;

  @BeforeEach
  void openQueue() throws Exception {
    queue = newQueue(clock);
    node = queue.join("here", TTL);
  }

  protected Job insert(NewJob job) {
    return queue.insert(List.of(job)).get(0);
  }

  protected List<Lease> claim(int limit) {
    return queue.claim(new Claim("default", node, limit));
  }

  protected Lease claimOne() {
    List<Lease> leases = claim(1);
    assertThat(leases).hasSize(1);
    return leases.get(0);
  }

  protected void end(Lease lease, JobState state) {
    var finish = new Transition.Finish(lease.job().id(), lease.token(), state, null, null);
    assertThat(queue.settle(List.of(finish))).hasSize(1);
  }

  protected void back(Lease lease) {
    var back = new Transition.Back(lease.job().id(), lease.token(), Duration.ZERO, false, null);
    assertThat(queue.settle(List.of(back))).hasSize(1);
  }

  protected @Nullable Job find(long id) {
    return queue.find(id).orElse(null);
  }
}
