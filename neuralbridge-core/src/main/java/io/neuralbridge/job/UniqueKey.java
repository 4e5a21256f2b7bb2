package io.neuralbridge.job;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a store must know to keep a job unique.
 *
 * @param value 128 bits in hexadecimal, of kind, queue and the chosen values
 * @param scope in which states of its job the key is held
 * @param period how long after the insertion it is held at most, or null
 * @param replaced what an existing job that waits takes over
 * @see Unique
 */
public record UniqueKey(
    String value, Unique.Scope scope, @Nullable Duration period, Set<Unique.Field> replaced) {

  public UniqueKey {
    replaced = Set.copyOf(replaced);
  }

  /** Whether an existing job takes over {@code field}. */
  public boolean replaces(Unique.Field field) {
    return replaced.contains(field);
  }

  /**
   * What an existing job that waits becomes.
   *
   * @param old what it is
   * @param later what the job is that was not stored
   * @param attempt how many attempts it has had; it keeps one more
   */
  public JobSpec replace(JobSpec old, JobSpec later, int attempt) {
    return new JobSpec(
        old.kind(),
        old.queue(),
        replaces(Unique.Field.PRIORITY) ? later.priority() : old.priority(),
        replaces(Unique.Field.MAX_ATTEMPTS)
            ? Math.max(later.maxAttempts(), attempt + 1)
            : old.maxAttempts(),
        replaces(Unique.Field.ARGS) ? later.args() : old.args(),
        replaces(Unique.Field.TAGS) ? later.tags() : old.tags(),
        replaces(Unique.Field.META) ? later.meta() : old.meta(),
        old.share(),
        replaces(Unique.Field.DEADLINE) ? later.deadline() : old.deadline());
  }
}
