package io.neuralbridge.queue;

import io.neuralbridge.job.JobError;
import org.jspecify.annotations.Nullable;

/** What ties need of the jobs in memory. */
interface MemoryJobs {

  @Nullable Entry live(long id);

  @Nullable Entry ended(long id);

  /** A suspended job may run. */
  void free(Entry entry);

  /** A suspended job is cancelled. */
  void giveUp(Entry entry, JobError reason);
}
