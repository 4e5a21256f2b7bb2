package io.neuralbridge.queue;

import io.neuralbridge.job.FlowStore;
import io.neuralbridge.job.Inserter;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The store of jobs. This is an SPI, and its methods are the verbs of the state machine, in
 * batches.
 *
 * <p>Every instant is the store's own: nodes with wrong clocks share a queue safely. Losing a race
 * is a missing id or {@code false}, never an exception; exceptions mean that the store itself is in
 * trouble. What was asked is then not done, or, if only the answer was lost, it is: every call but
 * {@link #insert} may be made again all the same. Implementations are safe for use by many threads
 * and nodes at once.
 */
public interface Queue extends Inserter {

  /**
   * Moves on what waits for jobs that have ended since, the oldest first: frees the jobs whose
   * needs are all fulfilled, gives up those that need what failed, ends flows whose last job is
   * final and frees or gives up their callbacks.
   *
   * @param limit how much is looked at in one round, at least 1
   */
  Staged stage(int limit);

  /**
   * Leases due jobs of one queue to a node: lowest priority number first, as {@linkplain
   * QueueLimits#ageing ageing} counts it; keys in fair turns; then the earliest due, then the
   * oldest. Each begins an attempt. Nothing is leased to a node that is not {@linkplain #join
   * joined}, from a queue that is paused, or beyond the queue's {@linkplain QueueLimits limits}.
   *
   * @return what was leased, by priority, then due time, then age
   */
  List<Lease> claim(Claim claim);

  /**
   * How long until a job of a queue may begin: zero if one may now; empty if none waits, or all
   * that wait do so for the end of others.
   */
  Optional<Duration> untilNextDue(String queue);

  /**
   * Ends leases as their outcomes demand. No job may be named twice in one call.
   *
   * @return the ids that were accepted; a missing one had lost its lease, and nothing of it was
   *     written
   */
  Set<Long> settle(List<Transition> transitions);

  /**
   * Registers a node, whose leases live as long as it is {@linkplain #renew renewed}.
   *
   * @param name for people to read, need not be unique
   * @return the node's id
   */
  long join(String name, Duration timeToLive);

  /** Keeps a node and all its leases alive. */
  Renewal renew(long node, Duration timeToLive);

  /**
   * The leases that a node has: their tokens by job id. A node that was told of a claim too late,
   * or not at all, finds here what it holds without knowing, and hands it back.
   */
  Map<Long, Long> leases(long node);

  /** What concerns a node and should not wait for its heartbeat. */
  Notices notices(long node);

  /** What is stored about queues, and may be changed at run time. */
  QueueControls controls();

  /** Removes a node; leases that it still has are up for {@linkplain #rescue rescue} at once. */
  void leave(long node);

  /**
   * Frees the jobs of nodes that were not renewed in time. A crash gives the attempt back, so that
   * an innocent job loses nothing, nor its place in the line; a job whose process died {@code
   * maxCrashes} times is discarded, so that a poisonous one stops.
   *
   * @return the freed and the discarded jobs, as they stand now
   */
  List<Job> rescue(int maxCrashes);

  /**
   * Gives jobs up: waiting ones become cancelled, executing ones are marked for their node to stop.
   *
   * @return the ids that were waiting or executing
   */
  Set<Long> cancel(Collection<Long> ids);

  /**
   * Makes waiting and final jobs available now, with at least one attempt left and no cancellation
   * still to come. A final job takes its unique key again; where another job holds it, it stays as
   * it is. A final job that needs others is suspended; a suspended one no longer waits for those
   * that have failed.
   *
   * @return the ids that were made available
   */
  Set<Long> retry(Collection<Long> ids);

  /**
   * Deletes jobs that are not executing, with everything that stands beside them.
   *
   * @return the ids that were not executing
   */
  Set<Long> delete(Collection<Long> ids);

  /**
   * Changes waiting and final jobs.
   *
   * @return the ids that were not executing
   */
  Set<Long> edit(Collection<Long> ids, JobEdit edit);

  /** A job as it stands now, live or final. */
  Optional<Job> find(long id);

  /** Many jobs as they stand now, by id; those that are not there are missing. */
  List<Job> find(Collection<Long> ids);

  /** Which of these jobs are there and not final. Cheaper than reading them. */
  Set<Long> live(Collection<Long> ids);

  /**
   * The jobs that meet a filter, in one moment. Looks at a bounded number of jobs: a page may hold
   * fewer than were asked for and have a next one.
   */
  Page<Job> list(JobFilter filter, Paging paging);

  /** The same, for who needs only the ids. */
  Page<Long> ids(JobFilter filter, Paging paging);

  /** Progress and logs. */
  JobReports reports();

  /** The errors of a job, by attempt. */
  List<JobError> errors(long id);

  /** The flows that jobs belong to. */
  FlowStore flows();

  /** How many jobs are in each state; every state has an entry. */
  Map<JobState, Long> counts();

  /** The final jobs, for the pruner. */
  History history();

  /** Who does what only one node should do. */
  Leadership leadership();

  /** How nodes on this store tell each other of new jobs. Default: not at all, they poll. */
  default WakeUps wakeUps() {
    return WakeUps.NONE;
  }
}
