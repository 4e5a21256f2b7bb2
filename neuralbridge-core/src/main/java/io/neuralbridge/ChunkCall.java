package io.neuralbridge;

import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.JobInterceptor;
import io.neuralbridge.worker.MissingOutcomeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The call of a chunk worker, with the interceptors around each of its jobs: those of one job stand
 * around those of the next, and the call is in the midst of all. A job whose interceptors do not
 * let it proceed is not in the call.
 */
final class ChunkCall<A> {

  private static final Logger log = LoggerFactory.getLogger(ChunkCall.class);

  /** More on one thread's stack might overflow it, whose default is a megabyte. */
  private static final int MOST_INTERCEPTIONS = 500;

  private final ChunkWorker<A> worker;
  private final List<JobInterceptor> interceptors;

  ChunkCall(ChunkWorker<A> worker, List<JobInterceptor> interceptors) {
    this.worker = worker;
    this.interceptors = interceptors;
  }

  /** How many jobs one call can have, as the interceptors of all of them stand around it. */
  int most() {
    return interceptors.isEmpty()
        ? Integer.MAX_VALUE
        : Math.max(1, MOST_INTERCEPTIONS / interceptors.size());
  }

  /** What each of the jobs came to. */
  Map<Run, Outcome> on(Map<Run, JobContext<A>> members) {
    return new Calling(members).call();
  }

  private final class Calling {

    private final Map<Run, JobContext<A>> members;
    private final List<Run> order;
    private final Map<Run, JobContext<A>> proceeding = new LinkedHashMap<>();
    private final Map<Run, Outcome> said = new HashMap<>();

    Calling(Map<Run, JobContext<A>> members) {
      this.members = members;
      this.order = new ArrayList<>(members.keySet());
    }

    Map<Run, Outcome> call() {
      if (interceptors.isEmpty()) {
        proceeding.putAll(members);
        work();
        return said;
      }
      Map<Run, Outcome> outcomes = new HashMap<>();
      intercept(0, outcomes);
      return outcomes;
    }

    private void intercept(int next, Map<Run, Outcome> outcomes) {
      if (next == order.size()) {
        work();
        return;
      }
      Run run = order.get(next);
      JobContext<A> context = Objects.requireNonNull(members.get(run));
      try {
        outcomes.put(
            run,
            Interception.run(
                interceptors,
                context,
                () -> {
                  if (proceeding.put(run, context) == null) {
                    intercept(next + 1, outcomes);
                  }
                  return outcome(run);
                }));
      } catch (Throwable e) {
        outcomes.put(run, Outcome.failed(e));
      }
      if (!proceeding.containsKey(run)) {
        intercept(next + 1, outcomes);
      }
    }

    // An interceptor of one job sees what one around a job that runs alone would see.
    private Outcome outcome(Run run) throws Exception {
      Outcome outcome = Objects.requireNonNull(said.get(run));
      if (outcome instanceof Outcome.Failed failed) {
        if (failed.cause() instanceof Exception e) {
          throw e;
        }
        if (failed.cause() instanceof Error e) {
          throw e;
        }
      }
      return outcome;
    }

    private void work() {
      if (proceeding.isEmpty()) {
        return;
      }
      try {
        Map<Long, Outcome> outcomes =
            Objects.requireNonNull(
                worker.workAll(List.copyOf(proceeding.values())),
                "the chunk worker returned null instead of outcomes");
        proceeding.keySet().forEach(run -> said.put(run, of(run, outcomes)));
        warnOfStrangers(outcomes.keySet());
      } catch (Throwable e) {
        proceeding.keySet().forEach(run -> said.put(run, Outcome.failed(e)));
      }
    }

    private Outcome of(Run run, Map<Long, Outcome> outcomes) {
      Outcome outcome = outcomes.get(run.job().id());
      return outcome == null
          ? Outcome.failed(new MissingOutcomeException(run.job().id()))
          : outcome;
    }

    private void warnOfStrangers(Set<Long> ids) {
      Set<Long> strangers = new HashSet<>(ids);
      proceeding.keySet().forEach(run -> strangers.remove(run.job().id()));
      if (!strangers.isEmpty()) {
        log.warn(
            "The chunk worker for '{}' returned outcomes of jobs that it was not given: {}",
            worker.type().kind(),
            strangers);
      }
    }
  }
}
