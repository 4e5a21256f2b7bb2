package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What happens in one run of a job, step by step. In the run's own thread. */
final class Pipeline {

  private final Map<String, Worker<?>> workers;
  private final Events events;
  private final Verdict verdict;

  Pipeline(
      Map<String, Worker<?>> workers,
      List<RecoveryRule> rules,
      Events events,
      InstantSource clock) {
    this.workers = Map.copyOf(workers);
    this.events = events;
    this.verdict = new Verdict(rules, clock);
  }

  Completer.Ended run(Run run) {
    Job job = run.job();
    MDC.put("neuralbridge.job", Long.toString(job.id()));
    MDC.put("neuralbridge.kind", job.kind());
    try {
      events.publish(new JobEvent.Started(job));
      return runInContext(run, workers.get(job.kind()));
    } finally {
      MDC.clear();
    }
  }

  private Completer.Ended runInContext(Run run, @Nullable Worker<?> worker) {
    if (worker == null) {
      return verdict.unknownKind(run);
    }
    long begin = System.nanoTime();
    Outcome outcome = perform(worker, run);
    Duration ran = Duration.ofNanos(System.nanoTime() - begin);
    return verdict.of(run, worker, outcome, ran);
  }

  private static <A> Outcome perform(Worker<A> worker, Run run) {
    if (run.lease().cancelRequested()) {
      return Verdict.CANCELLED;
    }
    return run.begin() ? work(worker, run) : Outcome.failed(new InterruptedException());
  }

  private static <A> Outcome work(Worker<A> worker, Run run) {
    try {
      A args = UnreadableArgs.read(worker, run.job());
      return Objects.requireNonNull(
          worker.work(new RunContext<>(run, args)),
          "the worker returned null instead of an outcome");
    } catch (Throwable e) {
      return Outcome.failed(e);
    } finally {
      run.finish();
    }
  }
}
