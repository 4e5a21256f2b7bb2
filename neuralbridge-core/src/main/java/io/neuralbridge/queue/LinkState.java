package io.neuralbridge.queue;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.JobState;
import org.jspecify.annotations.Nullable;

/** How far a job's need of another one is. A job with only fulfilled ones may run. */
public enum LinkState {
  /** The needed job is not final. */
  OPEN,
  /** The needed job was cancelled or discarded, or is gone, and the waiting one minds. */
  FAILED,
  /** Nothing to wait for any more. */
  FULFILLED;

  /**
   * The state of a link whose needed job is final.
   *
   * @param ended the needed job's final state; null if it was deleted
   */
  public static LinkState after(@Nullable JobState ended, FailurePolicy policy) {
    return ended == JobState.COMPLETED || policy == FailurePolicy.IGNORE ? FULFILLED : FAILED;
  }
}
