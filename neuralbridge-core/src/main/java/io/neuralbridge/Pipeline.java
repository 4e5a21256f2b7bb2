package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.worker.Worker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.MDC;

/** What happens in one run of a job, step by step. In the run's own thread. */
final class Pipeline {

  private final Map<String, Worker<?>> workers;
  private final Events events;
  private final JobClient client;
  private final Verdict verdict;
  private final Timekeeper timekeeper;

  Pipeline(
      Map<String, Worker<?>> workers,
      List<RecoveryRule> rules,
      Events events,
      Timekeeper timekeeper,
      JobClient client) {
    this.workers = Map.copyOf(workers);
    this.events = events;
    this.client = client;
    this.verdict = new Verdict(rules);
    this.timekeeper = timekeeper;
  }

  /**
   * @param giveUp called from another thread if the run outlasts its time and does not end
   */
  Completer.Ended run(Run run, Consumer<Run> giveUp) {
    Job job = run.job();
    MDC.put("neuralbridge.job", Long.toString(job.id()));
    MDC.put("neuralbridge.kind", job.kind());
    try {
      return runInContext(run, giveUp);
    } finally {
      MDC.clear();
    }
  }

  /** What becomes of a job whose run did not end in time. */
  Completer.Ended withoutEnd(Run run, Throwable where) {
    return verdict.of(run, Outcome.failed(where));
  }

  private Completer.Ended runInContext(Run run, Consumer<Run> giveUp) {
    if (run.lease().cancelRequested()) {
      return verdict.cancelled(run);
    }
    if (run.isPastDeadline()) {
      return verdict.expired(run);
    }
    Worker<?> worker = workers.get(run.job().kind());
    if (worker == null) {
      return verdict.unknownKind(run);
    }
    events.publish(new JobEvent.Started(run.job()));
    return verdict.of(run, perform(worker, run, giveUp));
  }

  // An interrupt may come from begin to finish, and from nobody afterwards.
  private Outcome perform(Worker<?> worker, Run run, Consumer<Run> giveUp) {
    try {
      return run.begin(worker.options())
          ? workInTime(worker, run, giveUp)
          : Outcome.failed(new InterruptedException());
    } catch (Throwable e) {
      return Outcome.failed(e);
    } finally {
      run.finish();
    }
  }

  private Outcome workInTime(Worker<?> worker, Run run, Consumer<Run> giveUp) throws Exception {
    Timekeeper.Watch watch = timekeeper.watch(run, giveUp);
    try {
      return work(worker, run);
    } finally {
      watch.end();
    }
  }

  private <A> Outcome work(Worker<A> worker, Run run) throws Exception {
    A args = UnreadableArgs.read(worker, run.job());
    return Objects.requireNonNull(
        worker.work(new RunContext<>(run, args, client)),
        "the worker returned null instead of an outcome");
  }
}
