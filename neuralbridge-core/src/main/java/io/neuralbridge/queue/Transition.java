package io.neuralbridge.queue;

import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a lease ends: the job becomes final, or goes back to waiting. */
public sealed interface Transition {

  long jobId();

  /** The token of the lease that ends. */
  long token();

  /** What went wrong, if anything; stored beside the job. */
  @Nullable JobError error();

  /**
   * The job becomes final.
   *
   * @param state one of the final states
   * @param result JSON, or null
   */
  record Finish(
      long jobId, long token, JobState state, @Nullable String result, @Nullable JobError error)
      implements Transition {

    public Finish {
      if (!state.isFinal()) {
        throw new IllegalArgumentException("a finished job must be in a final state: " + state);
      }
    }
  }

  /**
   * The job waits again. One that a user gave up meanwhile does not wait: it is due at once, for
   * the claim that cancels it.
   *
   * @param delay from now, by the store's clock; null if the job keeps its place in the line: it is
   *     due since it was due before
   * @param refund whether the attempt does not count
   */
  record Back(
      long jobId, long token, @Nullable Duration delay, boolean refund, @Nullable JobError error)
      implements Transition {

    /** For a lease that ended before its job did: it keeps its place and loses no attempt. */
    public static Back inPlace(long jobId, long token, @Nullable JobError error) {
      return new Back(jobId, token, null, true, error);
    }
  }
}
