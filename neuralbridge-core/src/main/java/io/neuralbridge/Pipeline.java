package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens in one run of a job, step by step. In the run's own thread. */
final class Pipeline {

  private final Host host;
  private final Events events;
  private final JobClient client;
  private final Verdict verdict;
  private final Timekeeper timekeeper;
  private final Reporter reporter;

  Pipeline(Host host, Events events, Timekeeper timekeeper, Reporter reporter, JobClient client) {
    this.host = host;
    this.events = events;
    this.client = client;
    this.verdict = new Verdict(host.rules());
    this.timekeeper = timekeeper;
    this.reporter = reporter;
  }

  /**
   * @param giveUp called from another thread if the run outlasts its time and does not end
   */
  Completer.Ended run(Run run, Consumer<Run> giveUp) {
    Runnable leave = Contexts.enter(run.job());
    try {
      return runInContext(run, giveUp);
    } finally {
      leave.run();
    }
  }

  /** What becomes of a job whose run did not end in time. */
  Completer.Ended withoutEnd(Run run, Throwable where) {
    return verdict.of(run, Outcome.failed(where));
  }

  private Completer.Ended runInContext(Run run, Consumer<Run> giveUp) {
    Completer.Ended ended = withoutWork(run);
    if (ended != null) {
      return ended;
    }
    events.publish(new JobEvent.Started(run.job()));
    return verdict.of(run, perform(workerOf(run), run, giveUp));
  }

  private Worker<?> workerOf(Run run) {
    return Objects.requireNonNull(host.workers().get(run.job().kind()));
  }

  /** How a run ends that is not to be begun; null if it is. */
  private Completer.@Nullable Ended withoutWork(Run run) {
    if (run.lease().cancelRequested()) {
      return verdict.cancelled(run);
    }
    if (run.isPastDeadline()) {
      return verdict.expired(run);
    }
    return host.workers().containsKey(run.job().kind()) ? null : verdict.unknownKind(run);
  }

  /** How a run ends that should end while it still waits to begin; null if it should not. */
  Completer.@Nullable Ended whileWaiting(Run run) {
    if (run.stop() != Run.Stop.NONE) {
      return verdict.of(run, Outcome.failed(new InterruptedException()));
    }
    return withoutWork(run);
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
    JobContext<A> context = context(worker, run);
    return Interception.run(host.interceptors(), context, () -> work(worker, context));
  }

  private <A> JobContext<A> context(Worker<A> worker, Run run) {
    return new RunContext<>(run, () -> args(worker, run), reporter, client);
  }

  private <A> A args(Worker<A> worker, Run run) {
    try {
      return worker.type().decode(run.job().spec().args(), host.keys());
    } catch (RuntimeException | Error e) {
      run.couldNotRead(e);
      throw e;
    }
  }

  private static <A> Outcome work(Worker<A> worker, JobContext<A> context) throws Exception {
    // Read before the work begins, whether or when the worker asks for them.
    context.args();
    return Objects.requireNonNull(
        worker.work(context), "the worker returned null instead of an outcome");
  }

  /** Runs jobs of one chunk worker in one call. What should end by then is left out of it. */
  void runChunk(List<Run> runs, ChunkRun.Ends ends) {
    Runnable leave = Contexts.enterChunk(runs.get(0).job().kind());
    try {
      List<Run> members = runs.stream().filter(run -> isToBegin(run, ends)).toList();
      members.forEach(run -> events.publish(new JobEvent.Started(run.job())));
      chunkRun((ChunkWorker<?>) workerOf(runs.get(0)), ends).run(members);
    } finally {
      leave.run();
    }
  }

  private boolean isToBegin(Run run, ChunkRun.Ends ends) {
    Completer.Ended ended = whileWaiting(run);
    if (ended != null) {
      ends.end(run, ended);
    }
    return ended == null;
  }

  private <A> ChunkRun<A> chunkRun(ChunkWorker<A> worker, ChunkRun.Ends ends) {
    ChunkCall<A> call = new ChunkCall<>(worker, host.interceptors());
    return new ChunkRun<>(
        worker::options, run -> context(worker, run), call, verdict, timekeeper, ends);
  }
}
