package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Renewal;
import io.neuralbridge.queue.Transition;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that can be away, and that can refuse the outcomes of chosen jobs. */
final class FlakyQueue implements Queue {

  final Set<Long> refusedOutcomes = ConcurrentHashMap.newKeySet();
  final AtomicInteger failures = new AtomicInteger();
  final AtomicInteger failedSettles = new AtomicInteger();
  final AtomicInteger claims = new AtomicInteger();
  final AtomicInteger renewals = new AtomicInteger();
  volatile Runnable afterClaim = () -> {};
  private final Queue store;
  private volatile boolean away;

  FlakyQueue(Queue store) {
    this.store = store;
  }

  void goAway() {
    away = true;
  }

  void comeBack() {
    away = false;
  }

  private Queue reach() {
    if (away) {
      failures.incrementAndGet();
      throw new IllegalStateException("the store is away");
    }
    return store;
  }

  @Override
  public List<Job> insert(List<NewJob> jobs) {
    return reach().insert(jobs);
  }

  @Override
  public List<Lease> claim(Claim claim) {
    claims.incrementAndGet();
    List<Lease> leases = reach().claim(claim);
    if (!leases.isEmpty()) {
      afterClaim.run();
    }
    return leases;
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return reach().untilNextDue(queue);
  }

  @Override
  public Set<Long> settle(List<Transition> transitions) {
    if (away || transitions.stream().anyMatch(t -> refusedOutcomes.contains(t.jobId()))) {
      failedSettles.incrementAndGet();
      throw new IllegalStateException("the store does not take this");
    }
    return reach().settle(transitions);
  }

  @Override
  public long join(String name, Duration timeToLive) {
    return reach().join(name, timeToLive);
  }

  @Override
  public Renewal renew(long node, Duration timeToLive) {
    renewals.incrementAndGet();
    return reach().renew(node, timeToLive);
  }

  @Override
  public void leave(long node) {
    reach().leave(node);
  }

  @Override
  public List<Job> rescue(int maxCrashes) {
    return reach().rescue(maxCrashes);
  }

  @Override
  public Set<Long> cancel(Collection<Long> ids) {
    return reach().cancel(ids);
  }

  @Override
  public Set<Long> retry(Collection<Long> ids) {
    return reach().retry(ids);
  }

  @Override
  public int prune(Duration retention, int limit) {
    return reach().prune(retention, limit);
  }

  @Override
  public Map<Long, Long> leases(long node) {
    audits.incrementAndGet();
    return reach().leases(node);
  }

  @Override
  public Optional<Job> find(long id) {
    return reach().find(id);
  }

  @Override
  public List<JobError> errors(long id) {
    return reach().errors(id);
  }

  @Override
  public Map<JobState, Long> counts() {
    return reach().counts();
  }
}
