package io.neuralbridge;

import io.neuralbridge.job.ArchivedJob;
import java.util.List;

/**
 * Gets final jobs before the pruner deletes them, to keep them elsewhere.
 *
 * <p>Every job that the pruner deletes was here before, at least once: a job comes again if its
 * node ended before it was deleted, if another of its batch could not be kept, or if it was retried
 * in between and ended once more. Jobs that a user deletes do not come.
 */
@FunctionalInterface
public interface JobArchive {

  /**
   * Keeps jobs. Called by one thread of one node at a time, save for moments when two nodes take
   * each other for dead.
   *
   * @param jobs at most 100, the first to end first
   * @throws Exception none of them is deleted; the pruner pauses and brings them again
   */
  void archive(List<ArchivedJob> jobs) throws Exception;
}
