package io.neuralbridge.job;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow or a batch as it stood when it was read.
 *
 * @param open whether more jobs are to come before it may finish
 * @param finishedAt when its last job was final; null before, and again when it goes on
 * @param counts how many of its jobs are in each state, callbacks left out; every state has an
 *     entry
 */
public record Flow(
    long id,
    FlowKind kind,
    String name,
    boolean open,
    Instant createdAt,
    @Nullable Instant finishedAt,
    Map<JobState, Long> counts) {

  public Flow {
    Map<JobState, Long> all = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      all.put(state, counts.getOrDefault(state, 0L));
    }
    counts = Collections.unmodifiableMap(all);
  }

  /** How many jobs it has. */
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many of its jobs are in one of these states. */
  public long count(JobState... states) {
    long sum = 0;
    for (JobState state : states) {
      sum += counts.getOrDefault(state, 0L);
    }
    return sum;
  }
}
