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
    @Nullable String result) {

  public String kind() {
    return spec.kind();
  }

  public String queue() {
    return spec.queue();
  }
}
