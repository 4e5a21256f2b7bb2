package io.neuralbridge.job;

import java.util.List;

/**
 * All that is stored of a final job.
 *
 * @param errors by attempt
 */
public record ArchivedJob(Job job, List<JobError> errors) {

  public ArchivedJob {
    errors = List.copyOf(errors);
  }
}
