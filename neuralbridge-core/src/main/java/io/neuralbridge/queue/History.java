package io.neuralbridge.queue;

import io.neuralbridge.job.ArchivedJob;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The final jobs of a store, as the pruner goes through them. Part of the SPI of {@link Queue}. */
public interface History {

  /**
   * Final jobs by the time they ended, oldest first; not those that a suspended job needs, nor
   * those of a flow that has not finished.
   *
   * @param age only those that ended longer ago than this
   * @param after only those that come after this one; null to begin with the oldest
   * @param limit how many at most
   */
  List<EndedJob> ended(Duration age, @Nullable EndedJob after, int limit);

  /** All that is stored of final jobs; those that are gone, or final no more, are left out. */
  List<ArchivedJob> read(List<EndedJob> jobs);

  /**
   * Deletes final jobs, with everything that stands beside them; not those that were retried since
   * they were read, and not those that {@link #ended} leaves out.
   *
   * @return how many were deleted
   */
  int delete(List<EndedJob> jobs);

  /**
   * Deletes flows that finished longer ago than {@code age} and whose jobs are gone.
   *
   * @param limit how many at most
   * @return how many were deleted
   */
  int deleteFlows(Duration age, int limit);
}
