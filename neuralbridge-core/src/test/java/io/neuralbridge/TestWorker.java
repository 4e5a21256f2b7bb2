package io.neuralbridge;

import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;

/** A worker from a lambda, which retries at once. */
record TestWorker<A>(JobType<A> type, WorkerOptions options, Work<A> work) implements Worker<A> {

  static final JobType<String> TYPE = JobType.of("test", String.class).withMaxAttempts(3);

  interface Work<A> {
    Outcome run(JobContext<A> context) throws Exception;
  }

  static <A> TestWorker<A> of(JobType<A> type, Work<A> work) {
    return of(type, RetryPolicy.fixed(Duration.ZERO), work);
  }

  static <A> TestWorker<A> of(JobType<A> type, RetryPolicy policy, Work<A> work) {
    return new TestWorker<>(type, WorkerOptions.defaults().withRetryPolicy(policy), work);
  }

  static TestWorker<String> of(Work<String> work) {
    return of(TYPE, work);
  }

  @Override
  public Outcome work(JobContext<A> context) throws Exception {
    return work.run(context);
  }
}
