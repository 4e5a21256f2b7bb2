package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.worker.JobContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A run as its worker sees it. */
final class RunContext<A> implements JobContext<A> {

  private final Run run;
  private final A args;
  private final JobClient client;

  RunContext(Run run, A args, JobClient client) {
    this.run = run;
    this.args = args;
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
