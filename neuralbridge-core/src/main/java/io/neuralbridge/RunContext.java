package io.neuralbridge;

import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobLogLine;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.job.TraceContext;
import io.neuralbridge.worker.JobContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** A run as its worker sees it. */
final class RunContext<A> implements JobContext<A> {

  private final Run run;
  private final Supplier<A> reader;
  private final Reporter reporter;
  private final JobClient client;
  private @Nullable A args;

  /**
   * @param reader of the arguments; called once it succeeds no more
   */
  RunContext(Run run, Supplier<A> reader, Reporter reporter, JobClient client) {
    this.run = run;
    this.reader = reader;
    this.reporter = reporter;
    this.client = client;
  }

  @Override
  public Job job() {
    return run.lease().job();
  }

  @Override
  public synchronized A args() {
    A read = args;
    if (read == null) {
      read = reader.get();
      args = read;
    }
    return read;
  }

  @Override
  public JobClient client() {
    return client;
  }

  @Override
  public Optional<TraceContext> trace() {
    return Optional.ofNullable(CarriedContext.of(job().spec()).trace());
  }

  @Override
  public void progress(double fraction, String message) {
    var progress = new JobProgress(job().attempt(), fraction, message, run.now());
    reporter.of(run).ifPresent(report -> report.progress(progress));
  }

  @Override
  public void log(Level level, String text) {
    JobLogLine line = new JobLogLine(job().attempt(), run.now(), level, text);
    reporter.of(run).ifPresent(report -> report.log(line));
  }

  @Override
  public boolean isCancelled() {
    return run.stop() != Run.Stop.NONE;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.ofNullable(run.limit()).map(Run.Limit::at);
  }

  @Override
  public Optional<Duration> remaining() {
    return deadline()
        .map(deadline -> Duration.between(run.now(), deadline))
        .map(left -> left.isNegative() ? Duration.ZERO : left);
  }
}
