package io.neuralbridge.queue;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A flow in memory. Guarded by its queue's lock. */
final class MemoryFlow {

  final long id;
  final FlowRef.Fresh origin;
  final NavigableSet<Long> jobs = new TreeSet<>();
  final Map<Long, FlowEvent> callbacks = new TreeMap<>();
  final Map<String, Long> byName = new TreeMap<>();
  private final Map<Long, String> names = new HashMap<>();
  private final Instant createdAt;
  boolean open;
  @Nullable Instant finishedAt;
  private int live;
  private int failed;

  MemoryFlow(long id, FlowRef.Fresh origin, Instant createdAt) {
    this.id = id;
    this.origin = origin;
    this.createdAt = createdAt;
    this.open = origin.open();
  }

  void add(long job, Membership membership) {
    jobs.add(job);
    if (membership.name() != null) {
      names.put(job, membership.name());
      byName.put(membership.name(), job);
    }
    if (membership.callback() == null) {
      live++;
    } else {
      callbacks.put(job, membership.callback());
    }
  }

  boolean isCallback(long job) {
    return callbacks.containsKey(job);
  }

  @Nullable String name(long job) {
    return names.get(job);
  }

  void ended(Entry entry) {
    if (!isCallback(entry.id)) {
      live--;
      failed += entry.finalState() == JobState.COMPLETED ? 0 : 1;
    }
  }

  /** A final job is live again. */
  void reopened(Entry entry, @Nullable JobState before) {
    finishedAt = null;
    if (!isCallback(entry.id)) {
      live++;
      failed -= before == JobState.COMPLETED ? 0 : 1;
    }
  }

  /** A job is gone. */
  void forget(Entry entry) {
    jobs.remove(entry.id);
    if (!isCallback(entry.id)) {
      JobState state = entry.finalState();
      live -= state == null ? 1 : 0;
      failed -= state == null || state == JobState.COMPLETED ? 0 : 1;
    }
  }

  boolean isFinished() {
    return !open && live == 0;
  }

  boolean endedBefore(Instant instant) {
    return finishedAt != null && finishedAt.isBefore(instant);
  }

  boolean hasFailed() {
    return failed > 0;
  }

  Flow toFlow(Map<JobState, Long> counts) {
    return new Flow(id, origin.kind(), origin.name(), open, createdAt, finishedAt, counts);
  }
}
