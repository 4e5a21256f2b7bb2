package io.neuralbridge.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a job is, from its insertion to its deletion.
 *
 * @param args JSON, at most 1 MiB of UTF-8
 * @param meta free keys and values of the host application, at most 20 keys and 4,000 characters in
 *     all
 * @param share what it takes of its queue's limits
 * @param deadline the instant, by the store's clock, after which it is of no use; null if there is
 *     none
 * @see JobType
 */
public record JobSpec(
    String kind,
    String queue,
    int priority,
    int maxAttempts,
    String args,
    Set<String> tags,
    Map<String, String> meta,
    Share share,
    @Nullable Instant deadline) {

  private static final int MAX_TAGS = 20;
  private static final int MAX_META_CHARS = 4_000;

  public JobSpec {
    Names.require("kind", kind);
    requireQueueing(queue, priority, maxAttempts);
    tags = requireTags(tags);
    meta = requireMeta(meta);
    NewJob.requireDeadline(deadline);
    deadline = deadline == null ? null : deadline.truncatedTo(ChronoUnit.MICROS);
  }

  /** The same job with other meta. */
  public JobSpec withMeta(Map<String, String> meta) {
    return new JobSpec(kind, queue, priority, maxAttempts, args, tags, meta, share, deadline);
  }

  static void requireQueueing(String queue, int priority, int maxAttempts) {
    Names.require("queue", queue);
    requirePriority(priority);
    requireMaxAttempts(maxAttempts);
  }

  static void requirePriority(int priority) {
    if (priority < 0 || priority > JobType.LOWEST_PRIORITY) {
      throw new IllegalArgumentException(
          "priority must be 0 (first) to %d (last): %d"
              .formatted(JobType.LOWEST_PRIORITY, priority));
    }
  }

  static void requireMaxAttempts(int maxAttempts) {
    if (maxAttempts < 1 || maxAttempts > 100) {
      throw new IllegalArgumentException("maxAttempts must be 1 to 100: " + maxAttempts);
    }
  }

  static Set<String> requireTags(Set<String> tags) {
    if (tags.size() > MAX_TAGS) {
      throw new IllegalArgumentException(
          "%d tags were given; at most %d are allowed".formatted(tags.size(), MAX_TAGS));
    }
    tags.forEach(tag -> Names.require("tag", tag));
    return Collections.unmodifiableSet(new TreeSet<>(tags));
  }

  static Map<String, String> requireMeta(Map<String, String> meta) {
    int chars =
        meta.entrySet().stream().mapToInt(e -> e.getKey().length() + e.getValue().length()).sum();
    if (meta.size() > 20 || chars > MAX_META_CHARS) {
      throw new IllegalArgumentException(
          "meta has %d keys and %d characters; at most 20 keys and %d characters are allowed"
              .formatted(meta.size(), chars, MAX_META_CHARS));
    }
    return Collections.unmodifiableMap(new TreeMap<>(meta));
  }
}
