package io.neuralbridge.flow;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.JobState;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far a workflow was when it was read.
 *
 * @param flow its name, times and counts
 * @param jobs its jobs by name, in the order of their ids; those that have been pruned are missing
 */
public record WorkflowStatus(Flow flow, Map<String, FlowJob> jobs) {

  public WorkflowStatus {
    jobs = Collections.unmodifiableMap(new LinkedHashMap<>(jobs));
  }

  /** Whether all jobs are final. */
  public boolean isFinished() {
    return flow.finishedAt() != null;
  }

  /** How many jobs were cancelled or discarded. */
  public long failed() {
    return flow.count(JobState.CANCELLED, JobState.DISCARDED);
  }

  /**
   * Where a job stands.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public JobState state(String name) {
    FlowJob job = jobs.get(name);
    if (job == null) {
      throw WorkflowRun.unknownName(flow.id(), name, jobs.keySet());
    }
    return job.state();
  }
}
