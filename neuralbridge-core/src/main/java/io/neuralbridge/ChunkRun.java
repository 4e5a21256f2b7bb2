package io.neuralbridge;

import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.WorkerOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs of one chunk worker's jobs in one call, or a few where many interceptors stand around them,
 * and one thread. Each run begins, is timed, is stopped and ends for itself. One that is stopped
 * for a reason of its own ends at once, as long as others need the call; when none does, the thread
 * is interrupted, and what the call says then counts.
 */
final class ChunkRun<A> {

  /** Who hears how each run ends. */
  interface Ends {
    void end(Run run, Completer.Ended ended);

    /** A run outlasts its time. */
    void giveUp(Run run);
  }

  /** Makes what a worker sees of a run. */
  interface Contexts<A> {
    JobContext<A> of(Run run);
  }

  private final Supplier<WorkerOptions> options;
  private final Contexts<A> contexts;
  private final ChunkCall<A> call;
  private final Verdict verdict;
  private final Timekeeper timekeeper;
  private final Ends ends;
  private final Thread thread = Thread.currentThread();
  private final List<Timekeeper.Watch> watches = new ArrayList<>();
  private final Map<Run, JobContext<A>> begun = new LinkedHashMap<>();
  private final Set<Run> goingOn = new HashSet<>();
  private final Set<Run> ended = new HashSet<>();
  private final Map<Run, Outcome> said = new HashMap<>();
  private boolean over;

  /** For the thread that runs it. */
  ChunkRun(
      Supplier<WorkerOptions> options,
      Contexts<A> contexts,
      ChunkCall<A> call,
      Verdict verdict,
      Timekeeper timekeeper,
      Ends ends) {
    this.options = options;
    this.contexts = contexts;
    this.call = call;
    this.verdict = verdict;
    this.timekeeper = timekeeper;
    this.ends = ends;
  }

  void run(List<Run> runs) {
    synchronized (this) {
      goingOn.addAll(runs);
    }
    try {
      runs.forEach(this::begin);
      call();
    } finally {
      finish(runs);
    }
    runs.forEach(run -> end(run, said.getOrDefault(run, interrupted())));
  }

  private void begin(Run run) {
    try {
      if (!run.begin(options.get(), () -> stopped(run))) {
        end(run, interrupted());
        return;
      }
      watches.add(timekeeper.watch(run, ends::giveUp));
      JobContext<A> context = contexts.of(run);
      // Read before the call, whose other members must not suffer for what cannot be read.
      context.args();
      begun.put(run, context);
    } catch (Throwable e) {
      end(run, Outcome.failed(e));
    }
  }

  private void call() {
    List<Run> all = List.copyOf(begun.keySet());
    for (int from = 0; from < all.size(); from += call.most()) {
      said.forEach(this::end);
      Map<Run, JobContext<A>> members =
          members(all.subList(from, Math.min(all.size(), from + call.most())));
      if (!members.isEmpty()) {
        said.putAll(call.on(members));
      }
    }
  }

  private synchronized Map<Run, JobContext<A>> members(List<Run> some) {
    Map<Run, JobContext<A>> members = new LinkedHashMap<>();
    some.stream()
        .filter(goingOn::contains)
        .forEach(run -> members.put(run, Objects.requireNonNull(begun.get(run))));
    return members;
  }

  private void finish(List<Run> runs) {
    synchronized (this) {
      over = true;
    }
    watches.forEach(Timekeeper.Watch::end);
    runs.forEach(Run::finish);
  }

  private void stopped(Run run) {
    synchronized (this) {
      goingOn.remove(run);
      if (over) {
        return;
      }
      if (goingOn.isEmpty()) {
        thread.interrupt();
        return;
      }
    }
    if (run.stop().isOwn()) {
      end(run, interrupted());
    }
  }

  private void end(Run run, Outcome outcome) {
    synchronized (this) {
      goingOn.remove(run);
      if (!ended.add(run)) {
        return;
      }
    }
    try {
      ends.end(run, verdict.of(run, outcome));
    } catch (RuntimeException | Error e) {
      // A failure that cannot even be told must not keep the others from their outcomes.
      ends.end(run, Completer.Ended.handedBack(run.lease()));
    }
  }

  private static Outcome interrupted() {
    return Outcome.failed(new InterruptedException());
  }
}
