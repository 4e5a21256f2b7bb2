package io.neuralbridge;

import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Names;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How long final jobs are kept. Default: 7 days, whatever they are.
 *
 * <p>The most specific rule that fits a job decides, however long it keeps it: kind and state, then
 * kind, then queue and state, then queue, then state, then the default. Zero keeps nothing: such
 * jobs are gone a minute or two after they ended.
 *
 * @param otherwise for jobs that no rule fits
 * @param rules by what they are for
 */
public record Retention(Duration otherwise, Map<Rule, Duration> rules) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  public Retention {
    require(otherwise);
    rules.values().forEach(Retention::require);
    rules = Map.copyOf(rules);
  }

  /**
   * Whom a rule is for: jobs of this kind or queue, in this state. One of kind and queue at most.
   *
   * @param kind null for all
   * @param queue null for all
   * @param state a final one; null for all
   */
  public record Rule(@Nullable String kind, @Nullable String queue, @Nullable JobState state) {

    public Rule {
      if (kind != null) {
        Names.require("kind", kind);
      }
      if (queue != null) {
        Names.require("queue", queue);
      }
      if (kind != null && queue != null) {
        throw new IllegalArgumentException(
            "a retention is for a kind ('%s') or a queue ('%s'), not both".formatted(kind, queue));
      }
      if (state != null && !state.isFinal()) {
        throw new IllegalArgumentException(
            "only final jobs are pruned, and %s is not final".formatted(state));
      }
    }
  }

  /** Keeps all final jobs for the same time, from zero to 36,500 days. */
  public static Retention of(Duration otherwise) {
    return new Retention(otherwise, Map.of());
  }

  public Retention forState(JobState state, Duration kept) {
    return with(new Rule(null, null, state), kept);
  }

  public Retention forQueue(String queue, Duration kept) {
    return with(new Rule(null, queue, null), kept);
  }

  public Retention forQueue(String queue, JobState state, Duration kept) {
    return with(new Rule(null, queue, state), kept);
  }

  public Retention forKind(String kind, Duration kept) {
    return with(new Rule(kind, null, null), kept);
  }

  public Retention forKind(String kind, JobState state, Duration kept) {
    return with(new Rule(kind, null, state), kept);
  }

  private Retention with(Rule rule, Duration kept) {
    Map<Rule, Duration> all = new HashMap<>(rules);
    Duration other = all.putIfAbsent(rule, kept);
    if (other != null) {
      throw new IllegalArgumentException(
          "two retentions for %s: %s and %s; keep one of them".formatted(rule, other, kept));
    }
    return new Retention(otherwise, all);
  }

  /** How long such a job is kept after it ended. */
  public Duration of(String kind, String queue, JobState state) {
    return first(
        rules.get(new Rule(kind, null, state)),
        rules.get(new Rule(kind, null, null)),
        rules.get(new Rule(null, queue, state)),
        rules.get(new Rule(null, queue, null)),
        rules.get(new Rule(null, null, state)));
  }

  private Duration first(@Nullable Duration... candidates) {
    for (Duration candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return otherwise;
  }

  /** The different times that jobs are kept. */
  Set<Duration> times() {
    Set<Duration> times = new TreeSet<>(rules.values());
    times.add(otherwise);
    return times;
  }

  private static void require(Duration kept) {
    if (kept.isNegative() || kept.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "retention must not be negative, nor more than %d days: %s"
              .formatted(LONGEST.toDays(), kept));
    }
  }
}
