package io.neuralbridge.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts jobs in and asks after them. Safe for use by many threads at once. */
public interface JobClient {

  /**
   * Stores one job.
   *
   * @return the stored job; it runs even if this process ends now
   * @throws InvalidArgsException if the arguments cannot be stored
   */
  default <A> Job enqueue(JobRequest<A> request) {
    return enqueueAll(List.of(request)).get(0);
  }

  /** Stores many jobs at once, all or none; returns them in the order of the requests. */
  List<Job> enqueueAll(Collection<? extends JobRequest<?>> requests);

  /** The job as it stands now; empty if there never was one, or it has been pruned. */
  Optional<Job> find(long id);

  /** Why attempts of a job did not succeed, oldest first. */
  List<JobError> errors(long id);

  /**
   * Gives a job up. A waiting job is cancelled at once; a running one is asked to stop and its
   * thread is interrupted.
   *
   * @return {@code false} if the job is final already, or not there
   */
  boolean cancel(long id);

  /**
   * Makes a final, retryable or scheduled job available now, with at least one attempt left.
   *
   * @return {@code false} if it is running or not there
   */
  boolean retry(long id);

  /** How many jobs are in each state; states without jobs are 0. */
  Map<JobState, Long> counts();
}
