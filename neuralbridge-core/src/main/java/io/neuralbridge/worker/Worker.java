package io.neuralbridge.worker;

import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;

/**
 * Runs the jobs of one type. This is an SPI, the one that every host application implements.
 *
 * <p>One instance runs many jobs at once, each in a thread of its own. A job may run more than
 * once: when its process dies it starts again, so write workers that notice what is done already.
 */
public interface Worker<A> {

  /** The type whose jobs this worker runs. */
  JobType<A> type();

  /** How its jobs are run; the defaults of {@link WorkerOptions} unless overridden. */
  default WorkerOptions options() {
    return WorkerOptions.defaults();
  }

  /**
   * Runs one job.
   *
   * @return how it ended; {@link Outcome#completed()} where there is nothing to say
   * @throws Exception the attempt failed; same as {@link Outcome#failed}
   * @throws InterruptedException if it was interrupted because the job was cancelled or the node
   *     shuts down
   */
  Outcome work(JobContext<A> context) throws Exception;
}
