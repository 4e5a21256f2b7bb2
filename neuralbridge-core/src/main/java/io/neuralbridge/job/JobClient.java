package io.neuralbridge.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Puts jobs in and asks after them. Safe for use by many threads at once. */
public interface JobClient extends Enqueuer {

  /**
   * Enqueues into something else than this client's store as a whole, such as a caller's own
   * transaction: jobs are stored when that commits. Since nobody here learns when it does, call
   * {@link #wake} then, or the jobs wait until the next poll.
   */
  Enqueuer using(Inserter inserter);

  /**
   * Says that jobs may be due in these queues, here and on other nodes. A hint: nodes find out by
   * polling too.
   */
  void wake(String... queues);

  /** The job as it stands now; empty if there never was one, or it has been pruned. */
  Optional<Job> find(long id);

  /**
   * Waits for a job without holding a thread. The future completes with the job as soon as it is
   * final, in whatever state: at once if it ends in this process, within the {@code pollInterval}
   * if it ends in another. Works on a bridge that is not started, too. {@link Job#result(Class)}
   * gives what its worker returned.
   *
   * <p>It fails with a {@link JobException} with the code {@code job_not_found} if there is no such
   * job, or it has been pruned before anybody looked, and {@code closed} if the bridge is closed
   * first. A job that was enqueued in a transaction is there from the commit on: await it
   * afterwards. Cancelling the future, or giving it a timeout, ends the waiting and leaves the job
   * alone. A job that waits for another by {@code get()} holds its slot meanwhile.
   *
   * <p>Dependent stages run in the common pool unless they name another executor.
   */
  CompletableFuture<Job> await(long id);

  /** The same as {@link #await(long)} with the job's id. */
  default CompletableFuture<Job> await(Job job) {
    return await(job.id());
  }

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
   * Makes a final, retryable or scheduled job available now, with at least one attempt left. One
   * that needs others waits until they have completed; one that waits already no longer waits for
   * those that have failed.
   *
   * @return {@code false} if it is running, not there, or final and another job has its {@linkplain
   *     Unique unique key} meanwhile
   */
  boolean retry(long id);

  /**
   * Deletes a job, with everything that is stored beside it. For those that wait for it, it has
   * failed, unless it had completed.
   *
   * @return {@code false} if it is running or not there
   */
  boolean delete(long id);

  /**
   * Changes a waiting or final job.
   *
   * @return {@code false} if it is running or not there
   */
  boolean edit(long id, JobEdit edit);

  /** The jobs that meet a filter: to list them, and to change many at once. */
  JobSelection select(JobFilter filter);

  /** The workflows and batches of the store. */
  Flows flows();

  /** How many jobs are in each state; states without jobs are 0. */
  Map<JobState, Long> counts();
}
