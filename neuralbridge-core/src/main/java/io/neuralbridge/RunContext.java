package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobLogLine;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.worker.JobContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.event.Level;

/** A run as its worker sees it. */
final class RunContext<A> implements JobContext<A> {

  private final Run run;
  private final A args;
  private final Reporter reporter;
  private final JobClient client;

  RunContext(Run run, A args, Reporter reporter, JobClient client) {
    this.run = run;
    this.args = args;
    this.reporter = reporter;
    this.client = client;
  }

  @Override
  public Job job() {
    return run.lease().job();
  }

  @Override
  public A args() {
    return args;
  }

  @Override
  public JobClient client() {
    return client;
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
