package io.neuralbridge.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A wish to run a job: its type, its arguments and when. Immutable; every {@code with…} and {@code
 * in…} returns a changed copy. Defaults: those of the type, no meta, now.
 *
 * @param delay how long to wait from the insertion on, by the store's clock; zero if {@code runAt}
 *     is given
 * @param runAt the instant before which the job must not run, or null to go by {@code delay}
 */
public record JobRequest<A>(
    JobType<A> type, A args, Map<String, String> meta, Duration delay, @Nullable Instant runAt) {

  public JobRequest {
    NewJob.requireWhen(delay, runAt);
    meta = Map.copyOf(meta);
  }

  static <A> JobRequest<A> of(JobType<A> type, A args) {
    return new JobRequest<>(type, args, Map.of(), Duration.ZERO, null);
  }

  public JobRequest<A> withQueue(String queue) {
    return new JobRequest<>(type.withQueue(queue), args, meta, delay, runAt);
  }

  public JobRequest<A> withPriority(int priority) {
    return new JobRequest<>(type.withPriority(priority), args, meta, delay, runAt);
  }

  public JobRequest<A> withMaxAttempts(int maxAttempts) {
    return new JobRequest<>(type.withMaxAttempts(maxAttempts), args, meta, delay, runAt);
  }

  /** Replaces the type's tags. */
  public JobRequest<A> withTags(String... tags) {
    return new JobRequest<>(type.withTags(tags), args, meta, delay, runAt);
  }

  public JobRequest<A> withMeta(Map<String, String> meta) {
    return new JobRequest<>(type, args, meta, delay, runAt);
  }

  /** Not before {@code delay} has passed, by the store's clock. */
  public JobRequest<A> in(Duration delay) {
    return new JobRequest<>(type, args, meta, delay, null);
  }

  /** Not before {@code instant}; an instant in the past means now. */
  public JobRequest<A> at(Instant instant) {
    return new JobRequest<>(type, args, meta, Duration.ZERO, instant);
  }

  /**
   * The form that a store takes, with the arguments as JSON.
   *
   * @throws InvalidArgsException if the arguments cannot be written, or are too large
   */
  public NewJob toNewJob() {
    String json = ArgsJson.write(type.kind(), args);
    Set<String> tags = type.tags();
    JobSpec spec =
        new JobSpec(
            type.kind(), type.queue(), type.priority(), type.maxAttempts(), json, tags, meta);
    return new NewJob(spec, delay, runAt);
  }
}
