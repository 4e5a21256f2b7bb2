package io.neuralbridge.flow;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.JobState;

/**
 * How far a batch was when it was read. Callbacks are not counted.
 *
 * @param flow its name, times and counts
 */
public record BatchProgress(Flow flow) {

  /** How many jobs it has so far. */
  public long total() {
    return flow.total();
  }

  public long completed() {
    return flow.count(JobState.COMPLETED);
  }

  /** How many jobs were cancelled or discarded. */
  public long failed() {
    return flow.count(JobState.CANCELLED, JobState.DISCARDED);
  }

  public long running() {
    return flow.count(JobState.EXECUTING);
  }

  /** How many jobs have yet to begin, or to begin again. */
  public long waiting() {
    return total() - completed() - failed() - running();
  }

  /** The share of jobs that are final, 0 to 1; 1 for a batch without jobs. */
  public double done() {
    return total() == 0 ? 1 : (completed() + failed()) / (double) total();
  }

  /** Whether all jobs are final, no more are to come, and the callbacks are decided. */
  public boolean isFinished() {
    return flow.finishedAt() != null;
  }
}
