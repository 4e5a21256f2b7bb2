package io.neuralbridge.job;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a job from being stored twice: while another one holds the same key, that one is returned
 * in its place, {@linkplain Job#existing() marked}. Jobs have the same key if they have the same
 * kind, the same queue and the same values of what is chosen here. Defaults: {@link
 * Scope#SUCCESSFUL}, without end, nothing replaced.
 *
 * <p>The store guarantees it, whoever inserts at the same time, on whatever node. How long a key is
 * held follows from what the job said that holds it, not from the one that asks. Immutable; {@code
 * with…}, {@code during}, {@code within} and {@code replacing} return changed copies.
 *
 * @param wholeArgs whether all of the arguments count
 * @param args the fields of the arguments that count, if not all do
 * @param meta the keys of the meta that count
 * @param scope what the other job must be doing to hold the key
 * @param period how long after its insertion the other job holds the key at most; null for no limit
 * @param replaced what an existing job takes over from the one that was not stored, if it waits
 */
public record Unique(
    boolean wholeArgs,
    Set<String> args,
    Set<String> meta,
    Scope scope,
    @Nullable Duration period,
    Set<Field> replaced) {

  /**
   * When a job holds its key. A job that leaves the scope lets go; if it comes back, because it is
   * retried, it holds the key again unless another one has taken it meanwhile.
   */
  public enum Scope {
    /**
     * While it waits. A job that is claimed lets go: what was enqueued before it begins needs no
     * second job, what is enqueued after gets one.
     */
    WAITING,
    /** Until it is final. */
    INCOMPLETE,
    /** Until it is pruned; a cancelled or discarded one lets go. */
    SUCCESSFUL,
    /** Until it is pruned or deleted, however it ended. */
    KEPT;

    /** Whether a job in {@code state} holds its key. */
    public boolean covers(JobState state) {
      return switch (this) {
        case WAITING -> !state.isFinal() && state != JobState.EXECUTING;
        case INCOMPLETE -> !state.isFinal();
        case SUCCESSFUL -> !state.isFinal() || state == JobState.COMPLETED;
        case KEPT -> true;
      };
    }
  }

  /** What can be {@linkplain #replacing replaced} on a job that waits. */
  public enum Field {
    /** When it is due: the delay or the instant of the later request counts. */
    RUN_AT,
    ARGS,
    META,
    TAGS,
    PRIORITY,
    /** Never below one attempt more than it has had. */
    MAX_ATTEMPTS,
    DEADLINE
  }

  private static final int MAX_KEYS = 20;

  public Unique {
    args = sorted("args", args);
    meta = sorted("meta", meta);
    replaced = Collections.unmodifiableSet(copy(replaced));
    if (wholeArgs && !args.isEmpty()) {
      throw new IllegalArgumentException(
          "unique by all args and by %s at once: name no fields, or only those that count"
              .formatted(args));
    }
    if (period != null && period.isZero()) {
      throw new IllegalArgumentException("a unique period must be positive: " + period);
    }
    if (period != null) {
      NewJob.requireDelay("a unique period", period);
    }
    if (wholeArgs && replaced.contains(Field.ARGS)) {
      throw new IllegalArgumentException(
          "jobs that are unique by all args have the same args, so replacing ARGS changes nothing: name the fields that count, as in Unique.byArgs(\"documentId\")");
    }
  }

  /** By kind and queue alone. */
  public static Unique byKind() {
    return new Unique(false, Set.of(), Set.of(), Scope.SUCCESSFUL, null, Set.of());
  }

  /**
   * By kind, queue and arguments.
   *
   * @param fields the fields that count, by their names in JSON, at most 20; none for all of them
   */
  public static Unique byArgs(String... fields) {
    return new Unique(
        fields.length == 0, distinct(fields), Set.of(), Scope.SUCCESSFUL, null, Set.of());
  }

  /** By kind, queue and some keys of the meta, at most 20. */
  public static Unique byMeta(String... keys) {
    return byKind().withMeta(keys);
  }

  /** Lets these keys of the meta count as well, instead of those that were named before. */
  public Unique withMeta(String... keys) {
    return new Unique(wholeArgs, args, distinct(keys), scope, period, replaced);
  }

  /** Only while the other job is in {@code scope}. */
  public Unique during(Scope scope) {
    return new Unique(wholeArgs, args, meta, scope, period, replaced);
  }

  /**
   * Only for {@code period} from the insertion of the other job on, by the store's clock. Counts
   * together with the {@linkplain #during scope}; with {@link Scope#KEPT} it alone decides, as long
   * as the job is kept.
   */
  public Unique within(Duration period) {
    return new Unique(wholeArgs, args, meta, scope, period, replaced);
  }

  /**
   * Lets an existing job that waits take over these fields from the request. With {@link
   * Field#RUN_AT} this is a debounce: each request puts the one job off.
   */
  public Unique replacing(Field... fields) {
    return new Unique(wholeArgs, args, meta, scope, period, copy(List.of(fields)));
  }

  private static Set<String> distinct(String... names) {
    return new TreeSet<>(List.of(names));
  }

  private static Set<Field> copy(Collection<Field> fields) {
    return fields.isEmpty() ? EnumSet.noneOf(Field.class) : EnumSet.copyOf(fields);
  }

  private static Set<String> sorted(String what, Set<String> names) {
    if (names.size() > MAX_KEYS || names.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "a unique key counts at most %d fields of the %s, none of them blank: %s"
              .formatted(MAX_KEYS, what, names));
    }
    return Collections.unmodifiableSet(new TreeSet<>(names));
  }
}
