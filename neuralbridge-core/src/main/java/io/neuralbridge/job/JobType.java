package io.neuralbridge.job;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A kind of job: the name under which it is stored, the type of its arguments, and what its jobs
 * get where a request says nothing else. Defaults: queue {@code "default"}, priority 1, 20
 * attempts, no tags, not unique.
 *
 * <p>The kind is stored with every job, never a class name: classes may be renamed while jobs wait.
 *
 * @param kind the stored name, unique in an application; 1 to 100 letters, digits and {@code _ . :
 *     -}
 * @param argsType what the arguments deserialise to, usually a record; stored as JSON
 * @param queue the queue its jobs wait in
 * @param priority 0 (first) to 9 (last)
 * @param maxAttempts how often a job may fail before it is discarded, 1 to 100
 * @param tags labels to find jobs by, at most 20
 * @param unique what keeps its jobs from being stored twice, or null
 */
public record JobType<A>(
    String kind,
    Class<A> argsType,
    String queue,
    int priority,
    int maxAttempts,
    Set<String> tags,
    @Nullable Unique unique) {

  public static final String DEFAULT_QUEUE = "default";
  public static final int DEFAULT_PRIORITY = 1;
  public static final int LOWEST_PRIORITY = 9;
  public static final int DEFAULT_MAX_ATTEMPTS = 20;

  public JobType {
    Names.require("kind", kind);
    JobSpec.requireQueueing(queue, priority, maxAttempts);
    tags = JobSpec.requireTags(tags);
    if (unique != null) {
      ArgsFields.require(kind, argsType, unique.args());
    }
  }

  /** A type with the defaults. */
  public static <A> JobType<A> of(String kind, Class<A> argsType) {
    return new JobType<>(
        kind, argsType, DEFAULT_QUEUE, DEFAULT_PRIORITY, DEFAULT_MAX_ATTEMPTS, Set.of(), null);
  }

  public JobType<A> withQueue(String queue) {
    return new JobType<>(kind, argsType, queue, priority, maxAttempts, tags, unique);
  }

  public JobType<A> withPriority(int priority) {
    return new JobType<>(kind, argsType, queue, priority, maxAttempts, tags, unique);
  }

  public JobType<A> withMaxAttempts(int maxAttempts) {
    return new JobType<>(kind, argsType, queue, priority, maxAttempts, tags, unique);
  }

  public JobType<A> withTags(String... tags) {
    return new JobType<>(
        kind, argsType, queue, priority, maxAttempts, new TreeSet<>(List.of(tags)), unique);
  }

  /**
   * Keeps its jobs from being stored twice.
   *
   * @throws IllegalArgumentException if {@code unique} names a field that the arguments do not have
   */
  public JobType<A> withUnique(Unique unique) {
    return new JobType<>(kind, argsType, queue, priority, maxAttempts, tags, unique);
  }

  /** Lets its jobs be stored any number of times. */
  public JobType<A> withoutUnique() {
    return new JobType<>(kind, argsType, queue, priority, maxAttempts, tags, null);
  }

  /** A request to run a job of this type once, now. */
  public JobRequest<A> request(A args) {
    return JobRequest.of(this, args);
  }

  /**
   * The arguments that were stored with a job.
   *
   * @throws InvalidArgsException if they are not JSON of {@link #argsType}
   */
  public A decode(String json) {
    return ArgsJson.read(kind, json, argsType);
  }
}
