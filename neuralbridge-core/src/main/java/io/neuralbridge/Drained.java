package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import java.util.List;

/**
 * What {@link NeuralBridge#drain} ran.
 *
 * @param jobs one entry a run, in the order of the runs, each as the job stood after it
 */
public record Drained(List<Job> jobs) {

  public Drained {
    jobs = List.copyOf(jobs);
  }

  /** How many runs left their job in {@code state}. */
  public long count(JobState state) {
    return jobs.stream().filter(job -> job.state() == state).count();
  }
}
