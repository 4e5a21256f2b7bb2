package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Runs leased jobs: find the worker, read the arguments, work, settle, hand on. */
final class Executor implements Node.Leaseholder {

  private static final Logger log = LoggerFactory.getLogger(Executor.class);
  private static final Duration PARKED = Duration.ofMinutes(1);
  private static final String CANCELLED = "cancelled by request";

  private final Map<String, Worker<?>> workers;
  private final Completer completer;
  private final Events events;
  private final InstantSource clock;
  private final List<RecoveryRule> rules;
  private final Map<Long, Run> runs = new ConcurrentHashMap<>();
  private final ThreadLocal<Boolean> inJob = new ThreadLocal<>();

  Executor(
      Map<String, Worker<?>> workers,
      List<RecoveryRule> rules,
      Completer completer,
      Events events,
      InstantSource clock) {
    this.workers = Map.copyOf(workers);
    this.rules = List.copyOf(rules);
    this.completer = completer;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Starts a job in one of {@code threads}; {@code whenOver} is called when its slot is free again.
   *
   * @return {@code false} if there was no thread for it, and it is handed back
   */
  boolean start(Lease lease, ExecutorService threads, Runnable whenOver) {
    Run run = new Run(lease);
    runs.put(lease.job().id(), run);
    try {
      threads.execute(() -> runAndFree(run, whenOver));
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      log.warn(
          "No thread for job {} ({}), which is handed back: {}",
          lease.job().id(),
          lease.job().kind(),
          e.toString());
      end(run, Completer.Ended.handedBack(lease));
      whenOver.run();
      return false;
    }
  }

  private void runAndFree(Run run, Runnable whenOver) {
    inJob.set(true);
    try {
      run(run);
    } catch (RuntimeException | Error e) {
      // Only a failure to tell of a failure comes here: an exception that cannot even be logged.
      end(run, Completer.Ended.handedBack(run.lease()));
    } finally {
      inJob.remove();
      whenOver.run();
    }
  }

  /** Whether the caller is a job of this node. */
  boolean isJobThread() {
    return inJob.get() != null;
  }

  int running() {
    return runs.size();
  }

  @Override
  public void cancel(Set<Long> jobIds) {
    for (Long id : jobIds) {
      Run run = runs.get(id);
      if (run != null) {
        run.stop(Run.Stop.CANCELLED);
      }
    }
  }

  @Override
  public void leasesLost() {
    runs.values().forEach(run -> run.stop(Run.Stop.LEASE_LOST));
  }

  /** Stops what was claimed while its node was given up. */
  void leasesLost(List<Lease> leases) {
    for (Lease lease : leases) {
      Run run = runs.get(lease.job().id());
      if (run != null && run.lease().equals(lease)) {
        run.stop(Run.Stop.LEASE_LOST);
      }
    }
  }

  /** Interrupts what still runs because the node shuts down. */
  void interruptAll() {
    runs.values().forEach(run -> run.stop(Run.Stop.SHUTDOWN));
  }

  /**
   * The leases of runs that did not end in time, to be handed back; their later outcomes are
   * ignored.
   */
  List<Lease> takeAll() {
    Collection<Run> left = List.copyOf(runs.values());
    runs.clear();
    return left.stream().filter(Run::takeSettlement).map(Run::lease).toList();
  }

  private void run(Run run) {
    Job job = run.lease().job();
    MDC.put("neuralbridge.job", Long.toString(job.id()));
    MDC.put("neuralbridge.kind", job.kind());
    try {
      events.publish(new JobEvent.Started(job));
      long begin = System.nanoTime();
      Worker<?> worker = workers.get(job.kind());
      Outcome outcome = worker == null ? Outcome.snoozed(PARKED) : perform(worker, run);
      Duration ran = Duration.ofNanos(System.nanoTime() - begin);
      Transition transition = transition(run, worker, outcome);
      end(run, new Completer.Ended(run.lease(), outcome, transition, ran));
    } finally {
      MDC.clear();
    }
  }

  private <A> Outcome perform(Worker<A> worker, Run run) {
    if (run.lease().cancelRequested()) {
      return Outcome.cancelled(CANCELLED);
    }
    Outcome outcome = run.begin() ? work(worker, run) : Outcome.failed(new InterruptedException());
    boolean unfinished = outcome instanceof Outcome.Failed || outcome instanceof Outcome.Snoozed;
    return unfinished && run.stop() == Run.Stop.CANCELLED ? Outcome.cancelled(CANCELLED) : outcome;
  }

  private static <A> Outcome work(Worker<A> worker, Run run) {
    try {
      A args = worker.type().decode(run.lease().job().spec().args());
      return Objects.requireNonNull(
          worker.work(run.context(args)), "the worker returned null instead of an outcome");
    } catch (Throwable e) {
      return Outcome.failed(e);
    } finally {
      run.finish();
    }
  }

  private Transition transition(Run run, @Nullable Worker<?> worker, Outcome outcome) {
    Lease lease = run.lease();
    if (worker == null) {
      log.warn(
          "No worker for kind '{}': job {} waits for a node that has one",
          lease.job().kind(),
          lease.job().id());
      return Settler.parked(lease, PARKED, clock.instant());
    }
    if (run.stop() != Run.Stop.NONE && outcome instanceof Outcome.Failed) {
      return Settler.handedBack(lease);
    }
    double random = ThreadLocalRandom.current().nextDouble();
    try {
      Recoverer recoverer = new Recoverer(rules, worker.options().retryPolicy());
      return Settler.settle(lease, outcome, recoverer, clock.instant(), random);
    } catch (RuntimeException | Error e) {
      // The options are the host's code too, and a job that nobody settles would never end.
      Recoverer recoverer = new Recoverer(List.of(), RetryPolicy.defaults());
      return Settler.settle(lease, Outcome.failed(e), recoverer, clock.instant(), random);
    }
  }

  private void end(Run run, Completer.Ended ended) {
    Job job = run.lease().job();
    if (run.takeSettlement()) {
      completer.add(ended);
    }
    runs.remove(job.id(), run);
    if (ended.outcome() instanceof Outcome.Failed failed && run.stop() == Run.Stop.NONE) {
      log.warn(
          "Job {} ({}) failed in attempt {} of {} and {}",
          job.id(),
          job.kind(),
          job.attempt(),
          job.spec().maxAttempts(),
          sequel(ended.transition()),
          failed.cause());
    }
  }

  private static String sequel(Transition transition) {
    return transition instanceof Transition.Back back
        ? "is tried again in " + back.delay()
        : "is discarded";
  }
}
