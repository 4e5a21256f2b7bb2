package io.neuralbridge.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a single request says beside its type and arguments. Defaults: no meta, now, {@link
 * Share#DEFAULT}, no deadline, no ties.
 *
 * @param meta free keys and values of the host application
 * @param delay how long to wait from the insertion on, by the store's clock; zero if {@code runAt}
 *     is given
 * @param runAt the instant before which the job must not run, or null to go by {@code delay}
 * @param share what it takes of its queue's limits
 * @param deadline the instant after which it is of no use, or null
 * @param ties what ties it to other jobs
 */
public record JobOptions(
    Map<String, String> meta,
    Duration delay,
    @Nullable Instant runAt,
    Share share,
    @Nullable Instant deadline,
    Ties ties) {

  static final JobOptions DEFAULTS =
      new JobOptions(Map.of(), Duration.ZERO, null, Share.DEFAULT, null, Ties.NONE);

  public JobOptions {
    NewJob.requireWhen(delay, runAt);
    NewJob.requireDeadline(deadline);
    meta = Map.copyOf(meta);
  }

  JobOptions withMeta(Map<String, String> meta) {
    return new JobOptions(meta, delay, runAt, share, deadline, ties);
  }

  JobOptions in(Duration delay) {
    return new JobOptions(meta, delay, null, share, deadline, ties);
  }

  JobOptions at(Instant runAt) {
    return new JobOptions(meta, Duration.ZERO, runAt, share, deadline, ties);
  }

  JobOptions withShare(Share share) {
    return new JobOptions(meta, delay, runAt, share, deadline, ties);
  }

  JobOptions withDeadline(@Nullable Instant deadline) {
    return new JobOptions(meta, delay, runAt, share, deadline, ties);
  }

  JobOptions withTies(Ties ties) {
    return new JobOptions(meta, delay, runAt, share, deadline, ties);
  }
}
