package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each leased job a thread, knows what runs, and hands on how it ended. What happens in
 * between is the {@link Pipeline}'s.
 */
final class Executor implements Node.Leaseholder {

  private static final Logger log = LoggerFactory.getLogger(Executor.class);

  private final Pipeline pipeline;
  private final Completer completer;
  private final Events events;
  private final Map<Long, Run> runs = new ConcurrentHashMap<>();
  private final ThreadLocal<Boolean> inJob = new ThreadLocal<>();
  private final ChunkRun.Ends ofChunks =
      new ChunkRun.Ends() {
        @Override
        public void end(Run run, Completer.Ended ended) {
          Executor.this.end(run, ended);
          run.free();
        }

        @Override
        public void giveUp(Run run) {
          Executor.this.giveUp(run);
        }
      };

  Executor(Pipeline pipeline, Completer completer, Events events) {
    this.pipeline = pipeline;
    this.completer = completer;
    this.events = events;
  }

  /**
   * Starts a job in one of {@code threads}; {@code whenFree} is called when its slot is free again.
   *
   * @return {@code false} if there was no thread for it, and it is handed back
   */
  boolean start(Lease lease, java.util.concurrent.Executor threads, Runnable whenFree) {
    hold(lease);
    return start(List.of(lease), threads, whenFree);
  }

  /** Knows of a lease from now on, so that its job can be given up before it is started. */
  void hold(Lease lease) {
    runs.put(lease.job().id(), new Run(lease, () -> {}));
  }

  /** The same for jobs that are held already: one, or several for one call of a chunk worker. */
  boolean start(List<Lease> held, java.util.concurrent.Executor threads, Runnable whenFree) {
    List<Run> started = held.stream().flatMap(lease -> Stream.ofNullable(find(lease))).toList();
    AtomicInteger left = new AtomicInteger(started.size());
    Runnable whenOneEnds = left.get() == 1 ? whenFree : () -> free(left, whenFree);
    started.forEach(run -> run.occupy(whenOneEnds));
    try {
      threads.execute(() -> runAndFree(started, whenFree));
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      Job first = held.get(0).job();
      log.warn(
          "No thread for job {} ({}), which is handed back: {}",
          first.id(),
          first.kind(),
          e.toString());
      handBack(held);
      free(started, whenFree);
      return false;
    }
  }

  private static void free(List<Run> started, Runnable whenFree) {
    if (started.isEmpty()) {
      whenFree.run();
    }
    started.forEach(Run::free);
  }

  private static void free(AtomicInteger left, Runnable whenFree) {
    if (left.decrementAndGet() == 0) {
      whenFree.run();
    }
  }

  private void runAndFree(List<Run> started, Runnable whenFree) {
    List<Run> toRun = started.stream().filter(run -> !run.isSettled()).toList();
    inJob.set(true);
    try {
      if (toRun.size() > 1) {
        pipeline.runChunk(toRun, ofChunks);
      } else {
        toRun.forEach(run -> end(run, pipeline.run(run, this::giveUp)));
      }
    } catch (RuntimeException | Error e) {
      // Only a failure to tell of a failure comes here: an exception that cannot even be logged.
      toRun.stream()
          .filter(run -> runs.get(run.job().id()) == run)
          .forEach(run -> end(run, Completer.Ended.handedBack(run.lease())));
    } finally {
      inJob.remove();
      free(started, whenFree);
    }
  }

  /** Whether the caller is a job of this node. */
  boolean isJobThread() {
    return inJob.get() != null;
  }

  /** Whether a lease is being run here. */
  boolean holds(long jobId, long token) {
    Run run = runs.get(jobId);
    return run != null && run.lease().token() == token;
  }

  boolean holds(Lease lease) {
    return holds(lease.job().id(), lease.token());
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

  /** Hands back leases whose tasks were not begun, and never will be. */
  void handBack(List<Lease> leases) {
    for (Lease lease : leases) {
      Run run = find(lease);
      if (run != null && run.takeSettlement()) {
        completer.add(Completer.Ended.handedBack(lease));
        runs.remove(lease.job().id(), run);
      }
    }
  }

  /** Ends those of the held leases that should not begin any more. */
  void endGivenUp(List<Lease> held) {
    for (Lease lease : held) {
      Run run = find(lease);
      Completer.Ended ended = run == null ? null : pipeline.whileWaiting(run);
      if (run != null && ended != null) {
        end(run, ended);
      }
    }
  }

  private @Nullable Run find(Lease lease) {
    Run run = runs.get(lease.job().id());
    return run != null && run.lease().token() == lease.token() ? run : null;
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

  private void giveUp(Run run) {
    Thread thread = run.thread();
    if (thread == null || !run.takeSettlement()) {
      return;
    }
    StackTraceElement[] trace = thread.getStackTrace();
    Exception stuck = new InterruptedException("it ignored that; this is where it was then");
    stuck.setStackTrace(trace);
    Completer.Ended ended = pipeline.withoutEnd(run, stuck);
    completer.add(ended);
    runs.remove(run.job().id(), run);
    run.free();
    log.error(
        "Job {} ({}) ignores its interruption and keeps thread {} busy; it is settled without it",
        run.job().id(),
        run.job().kind(),
        thread.getName(),
        stuck);
    events.publish(new JobEvent.Stuck(run.job(), thread.getName(), List.of(trace)));
  }

  private void end(Run run, Completer.Ended ended) {
    Job job = run.job();
    if (run.takeSettlement()) {
      completer.add(ended);
      reportFailure(job, ended);
    } else {
      log.info(
          "Job {} ({}) ended after it was given up; its outcome is ignored", job.id(), job.kind());
    }
    runs.remove(job.id(), run);
  }

  private static void reportFailure(Job job, Completer.Ended ended) {
    boolean handedBack = ended.transition().error() == null;
    if (ended.outcome() instanceof Outcome.Failed failed && !handedBack) {
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
