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
}
