package io.neuralbridge.worker;

import io.neuralbridge.retry.RetryPolicy;

/**
 * How a worker's jobs are run. Defaults: {@link RetryPolicy#defaults()}.
 *
 * @param retryPolicy when a failed attempt is followed by another
 */
public record WorkerOptions(RetryPolicy retryPolicy) {

  public static WorkerOptions defaults() {
    return new WorkerOptions(RetryPolicy.defaults());
  }

  public WorkerOptions withRetryPolicy(RetryPolicy retryPolicy) {
    return new WorkerOptions(retryPolicy);
  }
}
