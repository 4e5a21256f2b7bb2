package io.neuralbridge.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stored job, as it stood when it was read.
 *
 * @param id unique in its store, growing
 * @param attempt how many attempts have begun; a snooze, a crash or a shutdown gives its attempt
 *     back
 * @param crashes how often the process that ran it died
 * @param runAt when it is due, or was
 * @param finishedAt when it became final, null before
 * @param result what its worker returned, as JSON; null if nothing
 * @param existing true only for what an enqueue returned in place of a new job, because it {@link
 *     Unique held the key}; false for a job that was read
 * @param flowId the workflow or batch that it belongs to, or null
 * @param needed whether other jobs wait for it, or did
 */
public record Job(
    long id,
    JobSpec spec,
    JobState state,
    int attempt,
    int crashes,
    Instant createdAt,
    Instant runAt,
    @Nullable Instant finishedAt,
    @Nullable String result,
    boolean existing,
    @Nullable Long flowId,
    boolean needed) {

  /** A job of its own, that was read or stored anew. */
  public Job(
      long id,
      JobSpec spec,
      JobState state,
      int attempt,
      int crashes,
      Instant createdAt,
      Instant runAt,
      @Nullable Instant finishedAt,
      @Nullable String result) {
    this(
        id,
        spec,
        state,
        attempt,
        crashes,
        createdAt,
        runAt,
        finishedAt,
        result,
        false,
        null,
        false);
  }

  /** The same job, marked as found in place of a new one. */
  public Job asExisting() {
    return new Job(
        id,
        spec,
        state,
        attempt,
        crashes,
        createdAt,
        runAt,
        finishedAt,
        result,
        true,
        flowId,
        needed);
  }

  public String kind() {
    return spec.kind();
  }

  public String queue() {
    return spec.queue();
  }

  /**
   * What its worker returned.
   *
   * @throws JobException with the code {@code no_result} if the job is not completed or has no
   *     result, {@code invalid_result} if its JSON is not a {@code T}
   */
  public <T> T result(Class<T> type) {
    return ResultJson.read(this, type);
  }
}
