package io.neuralbridge;

import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.MissingOutcomeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs of one chunk worker's jobs in one call and one thread. Each run begins, is timed, is stopped
 * and ends for itself. One that is stopped for a reason of its own ends at once, as long as others
 * need the call; when none does, the thread is interrupted, and what the call says then counts.
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
    JobContext<A> of(Run run) throws Exception;
  }

  private static final Logger log = LoggerFactory.getLogger(ChunkRun.class);

  private final ChunkWorker<A> worker;
  private final Contexts<A> contexts;
  private final Verdict verdict;
  private final Timekeeper timekeeper;
  private final Ends ends;
  private final Thread thread = Thread.currentThread();
  private final List<Timekeeper.Watch> watches = new ArrayList<>();
  private final Map<Run, JobContext<A>> begun = new LinkedHashMap<>();
  private final Set<Run> goingOn = new HashSet<>();
  private final Set<Run> ended = new HashSet<>();
  private boolean over;

  /** For the thread that runs it. */
  ChunkRun(
      ChunkWorker<A> worker,
      Contexts<A> contexts,
      Verdict verdict,
      Timekeeper timekeeper,
      Ends ends) {
    this.worker = worker;
    this.contexts = contexts;
    this.verdict = verdict;
    this.timekeeper = timekeeper;
    this.ends = ends;
  }

  void run(List<Run> runs) {
    synchronized (this) {
      goingOn.addAll(runs);
    }
    Map<Run, Outcome> outcomes = Map.of();
    try {
      runs.forEach(this::begin);
      outcomes = call();
    } finally {
      finish(runs);
    }
    for (Run run : runs) {
      end(run, outcomes.getOrDefault(run, interrupted()));
    }
  }

  private void begin(Run run) {
    if (!run.begin(worker.options(), () -> stopped(run))) {
      end(run, interrupted());
      return;
    }
    watches.add(timekeeper.watch(run, ends::giveUp));
    try {
      begun.put(run, contexts.of(run));
    } catch (Throwable e) {
      end(run, Outcome.failed(e));
    }
  }

  private Map<Run, Outcome> call() {
    List<Run> members = members();
    if (members.isEmpty()) {
      return Map.of();
    }
    Map<Run, Outcome> outcomes = new HashMap<>();
    try {
      Map<Long, Outcome> said =
          Objects.requireNonNull(
              worker.workAll(members.stream().map(begun::get).toList()),
              "the chunk worker returned null instead of outcomes");
      members.forEach(run -> outcomes.put(run, outcome(run, said.get(run.job().id()))));
      warnOfStrangers(said.keySet(), members);
    } catch (Throwable e) {
      members.forEach(run -> outcomes.put(run, Outcome.failed(e)));
    }
    return outcomes;
  }

  private synchronized List<Run> members() {
    return begun.keySet().stream().filter(goingOn::contains).toList();
  }

  private static Outcome outcome(Run run, @Nullable Outcome said) {
    return said == null ? Outcome.failed(new MissingOutcomeException(run.job().id())) : said;
  }

  private static void warnOfStrangers(Set<Long> ids, List<Run> members) {
    Set<Long> strangers = new HashSet<>(ids);
    members.forEach(run -> strangers.remove(run.job().id()));
    if (!strangers.isEmpty()) {
      log.warn(
          "The chunk worker for '{}' returned outcomes of jobs that it was not given: {}",
          members.get(0).job().kind(),
          strangers);
    }
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
    ends.end(run, verdict.of(run, outcome));
  }

  private static Outcome interrupted() {
    return Outcome.failed(new InterruptedException());
  }
}
