package io.neuralbridge.job;

import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** In which order jobs are listed. Each is an index's own, so that no listing sorts a table. */
public enum JobOrder {
  /** The last inserted first: all jobs, waiting, running and final ones alike. The default. */
  NEWEST,
  /** Waiting jobs only, the first due first, whatever their priority. */
  SOONEST_DUE,
  /** Final jobs only, the last finished first. */
  LATEST_FINISHED;

  /** The order as a comparator of what it {@linkplain #lists lists}. */
  public Comparator<Job> comparator() {
    return switch (this) {
      case NEWEST -> Comparator.comparing(Job::id).reversed();
      case SOONEST_DUE -> Comparator.comparing(Job::runAt).thenComparing(Job::id);
      case LATEST_FINISHED ->
          Comparator.comparing(JobOrder::finishedAt).thenComparing(Job::id).reversed();
    };
  }

  /** Whether a job has a place in this order. */
  public boolean lists(Job job) {
    return switch (this) {
      case NEWEST -> true;
      case SOONEST_DUE -> job.state().isWaiting();
      case LATEST_FINISHED -> job.finishedAt() != null;
    };
  }

  /** The time by which a job has its place, null where its id alone says it. */
  public @Nullable Instant timeOf(Job job) {
    return switch (this) {
      case NEWEST -> null;
      case SOONEST_DUE -> job.runAt();
      case LATEST_FINISHED -> job.finishedAt();
    };
  }

  private static Instant finishedAt(Job job) {
    Instant finishedAt = job.finishedAt();
    return finishedAt == null ? Instant.MIN : finishedAt;
  }
}
