package io.neuralbridge.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What to change about stored jobs. {@link #none} changes nothing; each {@code with…} adds to what
 * is changed. A null keeps what the job has.
 *
 * <p>A unique key was computed when the job was inserted, and stays.
 *
 * @param priority 0 (first) to 9 (last)
 * @param maxAttempts 1 to 100; a job that began as many attempts already has one left
 * @param runAt when waiting jobs are due, by the store's clock
 * @param tags replace the job's
 * @param meta replaces the job's
 * @param args JSON, at most 1 MiB of UTF-8
 */
public record JobEdit(
    @Nullable String queue,
    @Nullable Integer priority,
    @Nullable Integer maxAttempts,
    @Nullable Instant runAt,
    @Nullable Set<String> tags,
    @Nullable Map<String, String> meta,
    @Nullable String args) {

  private static final JobEdit NONE = new JobEdit(null, null, null, null, null, null, null);

  public JobEdit {
    if (queue != null) {
      Names.require("queue", queue);
    }
    if (priority != null) {
      JobSpec.requirePriority(priority);
    }
    if (maxAttempts != null) {
      JobSpec.requireMaxAttempts(maxAttempts);
    }
    NewJob.requireRunAt(runAt);
    runAt = runAt == null ? null : runAt.truncatedTo(ChronoUnit.MICROS);
    tags = tags == null ? null : JobSpec.requireTags(tags);
    meta = meta == null ? null : JobSpec.requireMeta(meta);
    if (args != null) {
      ArgsJson.requireStorable(args);
    }
  }

  /** Changes nothing. */
  public static JobEdit none() {
    return NONE;
  }

  public JobEdit withQueue(String queue) {
    return new JobEdit(queue, priority, maxAttempts, runAt, tags, meta, args);
  }

  public JobEdit withPriority(int priority) {
    return new JobEdit(queue, priority, maxAttempts, runAt, tags, meta, args);
  }

  public JobEdit withMaxAttempts(int maxAttempts) {
    return new JobEdit(queue, priority, maxAttempts, runAt, tags, meta, args);
  }

  /** Waiting jobs become due at {@code runAt}; an instant in the past means now. */
  public JobEdit withRunAt(Instant runAt) {
    return new JobEdit(queue, priority, maxAttempts, runAt, tags, meta, args);
  }

  public JobEdit withTags(String... tags) {
    Set<String> all = new TreeSet<>(List.of(tags));
    return new JobEdit(queue, priority, maxAttempts, runAt, all, meta, args);
  }

  public JobEdit withMeta(Map<String, String> meta) {
    return new JobEdit(queue, priority, maxAttempts, runAt, tags, new TreeMap<>(meta), args);
  }

  /**
   * Replaces the arguments. Meant for jobs of {@code type}; others will find that they cannot read
   * them.
   *
   * @throws InvalidArgsException if they cannot be stored
   */
  public <A> JobEdit withArgs(JobType<A> type, A args) {
    return withArgsJson(ArgsJson.write(type.kind(), args));
  }

  /**
   * Replaces the arguments.
   *
   * @throws InvalidArgsException if they are not JSON, or too large
   */
  public JobEdit withArgsJson(String json) {
    return new JobEdit(queue, priority, maxAttempts, runAt, tags, meta, json);
  }

  /** Whether nothing is changed. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** What a job is after the change, apart from when it is due. */
  public JobSpec apply(JobSpec spec) {
    return new JobSpec(
        spec.kind(),
        queue == null ? spec.queue() : queue,
        priority == null ? spec.priority() : priority,
        maxAttempts == null ? spec.maxAttempts() : maxAttempts,
        args == null ? spec.args() : args,
        tags == null ? spec.tags() : tags,
        meta == null ? spec.meta() : meta,
        spec.share(),
        spec.deadline());
  }
}
