package io.neuralbridge.job;

import java.util.stream.Stream;

/**
 * The jobs that meet a filter, found anew by each call. Safe for use by many threads.
 *
 * <p>What changes them goes through them in transactions of 1,000 jobs, newest first. Jobs that are
 * inserted meanwhile are left alone; a job that was found and moved on since is treated as it then
 * stands. When one call fails, what was done before stays done, and the call may be made again.
 */
public interface JobSelection {

  /** A part of the jobs, in an order. */
  Page<Job> page(Paging paging);

  /** All jobs, newest first, read page by page as the stream goes on. */
  default Stream<Job> stream() {
    return stream(JobOrder.NEWEST);
  }

  /**
   * All jobs that an order lists, read page by page as the stream goes on. A job that moves in that
   * order meanwhile may come twice or not at all; in {@link JobOrder#NEWEST} none does.
   */
  Stream<Job> stream(JobOrder order);

  /** Gives jobs up: waiting ones are cancelled at once, running ones are asked to stop. */
  BulkResult cancel();

  /**
   * Makes waiting and final jobs available now, with at least one attempt left. Completed ones run
   * again too: name the states that are meant.
   */
  BulkResult retry();

  /**
   * Deletes all but running jobs, with everything that is stored beside them. Nothing of them is
   * archived.
   */
  BulkResult delete();

  /** Changes waiting and final jobs, not running ones. */
  BulkResult edit(JobEdit edit);

  /** Moves waiting jobs up or down in their queue. */
  default BulkResult reprioritise(int priority) {
    return edit(JobEdit.none().withPriority(priority));
  }
}
