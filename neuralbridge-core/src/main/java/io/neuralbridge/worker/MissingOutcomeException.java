package io.neuralbridge.worker;

import io.neuralbridge.job.JobException;

/**
 * A {@link ChunkWorker} did not say how one of its jobs ended: a failure of this job with the code
 * {@code missing_outcome}, retried like any other.
 */
public final class MissingOutcomeException extends JobException {

  public MissingOutcomeException(long jobId) {
    super(
        "missing_outcome",
        "the chunk worker returned no outcome for job %d; it must return one for each job"
            .formatted(jobId));
  }
}
