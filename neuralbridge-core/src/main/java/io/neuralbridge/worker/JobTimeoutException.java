package io.neuralbridge.worker;

import io.neuralbridge.job.JobException;

/**
 * A run took longer than its worker's {@linkplain WorkerOptions#timeout() timeout}: a failure with
 * the code {@code timeout}, retried like any other unless the retry policy names this class.
 */
public class JobTimeoutException extends JobException {

  public JobTimeoutException(String message) {
    super("timeout", message);
  }

  /**
   * @param cause what the worker threw when it was interrupted
   */
  public JobTimeoutException(String message, Throwable cause) {
    super("timeout", message, cause);
  }
}
