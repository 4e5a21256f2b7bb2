package io.neuralbridge;

import io.neuralbridge.job.FlowStore;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.History;
import io.neuralbridge.queue.JobReports;
import io.neuralbridge.queue.Leadership;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Notices;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.QueueControls;
import io.neuralbridge.queue.Renewal;
import io.neuralbridge.queue.Staged;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.queue.WakeUps;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A store that can be away, that can refuse the outcomes of chosen jobs, and whose answers can get
 * lost.
 */
final class FlakyQueue implements Queue {

  final Set<Long> refusedOutcomes = ConcurrentHashMap.newKeySet();
  final AtomicInteger failures = new AtomicInteger();
  final AtomicInteger failedSettles = new AtomicInteger();
  final AtomicInteger claims = new AtomicInteger();
  final AtomicInteger liveLooks = new AtomicInteger();
  final AtomicInteger renewals = new AtomicInteger();
  final AtomicInteger audits = new AtomicInteger();
  final AtomicInteger claimsToLose = new AtomicInteger();
  final AtomicInteger settlesToLose = new AtomicInteger();
  final List<String> claimedQueues = new CopyOnWriteArrayList<>();
  final AtomicInteger lists = new AtomicInteger();
  volatile Runnable afterClaim = () -> {};
  volatile WakeUps wakeUps = WakeUps.NONE;
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

  /** Another node, which the store answers, gives this one up. */
  void rescueBehindItsBack() {
    store.leave(1);
    store.rescue(3);
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
    claimedQueues.add(claim.queue());
    List<Lease> leases = reach().claim(claim);
    if (!leases.isEmpty()) {
      afterClaim.run();
      loseAnswer(claimsToLose);
    }
    return leases;
  }

  @Override
  public Optional<Duration> untilNextDue(String queue) {
    return reach().untilNextDue(queue);
  }

  @Override
  public Set<Long> settle(List<Transition> transitions) {
    if (away || transitions.stream().anyMatch(this::isRefused)) {
      failedSettles.incrementAndGet();
      throw new IllegalStateException("the store does not take this");
    }
    Set<Long> accepted = reach().settle(transitions);
    loseAnswer(settlesToLose);
    return accepted;
  }

  private boolean isRefused(Transition transition) {
    boolean handedBack = transition instanceof Transition.Back back && back.delay() == null;
    return !handedBack && refusedOutcomes.contains(transition.jobId());
  }

  private static void loseAnswer(AtomicInteger left) {
    if (left.getAndUpdate(count -> Math.max(0, count - 1)) > 0) {
      throw new IllegalStateException("the answer got lost");
    }
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
  public Map<Long, Long> leases(long node) {
    audits.incrementAndGet();
    return reach().leases(node);
  }

  @Override
  public Notices notices(long node) {
    return reach().notices(node);
  }

  @Override
  public QueueControls controls() {
    return (QueueControls)
        Proxy.newProxyInstance(
            QueueControls.class.getClassLoader(),
            new Class<?>[] {QueueControls.class},
            (proxy, method, args) -> method.invoke(reach().controls(), args));
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
  public Set<Long> delete(Collection<Long> ids) {
    return reach().delete(ids);
  }

  @Override
  public Set<Long> edit(Collection<Long> ids, JobEdit edit) {
    return reach().edit(ids, edit);
  }

  @Override
  public Page<Job> list(JobFilter filter, Paging paging) {
    lists.incrementAndGet();
    return reach().list(filter, paging);
  }

  @Override
  public Page<Long> ids(JobFilter filter, Paging paging) {
    return reach().ids(filter, paging);
  }

  @Override
  public History history() {
    return facet(History.class, Queue::history);
  }

  @Override
  public Leadership leadership() {
    return facet(Leadership.class, Queue::leadership);
  }

  /** A part of the store, away when the store is. */
  private <T> T facet(Class<T> type, Function<Queue, T> part) {
    InvocationHandler handler =
        (proxy, method, args) -> {
          try {
            return method.invoke(part.apply(reach()), args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public Optional<Job> find(long id) {
    return reach().find(id);
  }

  @Override
  public List<Job> find(Collection<Long> ids) {
    return reach().find(ids);
  }

  @Override
  public Set<Long> live(Collection<Long> ids) {
    liveLooks.incrementAndGet();
    return reach().live(ids);
  }

  @Override
  public Staged stage(int limit) {
    return reach().stage(limit);
  }

  @Override
  public FlowStore flows() {
    return store.flows();
  }

  @Override
  public JobReports reports() {
    return reach().reports();
  }

  @Override
  public List<JobError> errors(long id) {
    return reach().errors(id);
  }

  @Override
  public Map<JobState, Long> counts() {
    return reach().counts();
  }

  @Override
  public WakeUps wakeUps() {
    return wakeUps;
  }
}
