package io.neuralbridge.queue;

import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobProgress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Progress and logs of jobs, a part of the {@link Queue} SPI with the same rules. They stand beside
 * the jobs and are deleted with them.
 */
public interface JobReports {

  /**
   * Stores what runs have told: progress replaces progress, lines follow lines, of which the last
   * {@value JobLog#MAX_LINES} are kept. No job may be named twice in one call.
   *
   * @return the ids that were accepted; a missing one had lost its lease
   */
  Set<Long> save(List<JobReport> reports);

  /** How far a job is; empty if nobody said, or there is no such job. */
  Optional<JobProgress> progress(long jobId);

  /** The log of a job; empty if nobody wrote, or there is no such job. */
  JobLog log(long jobId);
}
