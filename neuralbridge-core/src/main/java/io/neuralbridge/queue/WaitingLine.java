package io.neuralbridge.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The waiting jobs of one queue in memory: by priority and key, then due time, then age. */
final class WaitingLine {

  private static final Comparator<Entry> BY_DUE_TIME =
      Comparator.comparing((Entry entry) -> entry.runAt).thenComparing(entry -> entry.id);

  /** The waiting jobs of one priority. */
  private static final class Lane {
    final NavigableSet<Entry> unkeyed = new TreeSet<>(BY_DUE_TIME);
    final NavigableSet<Entry> keyed = new TreeSet<>(BY_DUE_TIME);
    final NavigableMap<String, NavigableSet<Entry>> byKey = new TreeMap<>();

    void add(Entry entry) {
      String key = entry.key();
      if (key.isEmpty()) {
        unkeyed.add(entry);
      } else {
        keyed.add(entry);
        byKey.computeIfAbsent(key, k -> new TreeSet<>(BY_DUE_TIME)).add(entry);
      }
    }

    boolean remove(Entry entry) {
      boolean there = unkeyed.remove(entry) || keyed.remove(entry);
      byKey.computeIfPresent(
          entry.key(), (key, jobs) -> jobs.remove(entry) && jobs.isEmpty() ? null : jobs);
      return there;
    }
  }

  private final TreeMap<Integer, Lane> lanes = new TreeMap<>();

  void add(Entry entry) {
    lanes.computeIfAbsent(entry.spec.priority(), priority -> new Lane()).add(entry);
  }

  /** Whether it was there. */
  boolean remove(Entry entry) {
    Lane lane = lanes.get(entry.spec.priority());
    return lane != null && lane.remove(entry);
  }

  List<Head> heads() {
    List<Head> heads = new ArrayList<>();
    lanes.forEach(
        (priority, lane) -> {
          if (!lane.unkeyed.isEmpty()) {
            heads.add(new Head(priority, false, lane.unkeyed.first().runAt));
          }
          if (!lane.keyed.isEmpty()) {
            heads.add(new Head(priority, true, lane.keyed.first().runAt));
          }
        });
    return heads;
  }

  DueJobs dueAt(Instant now) {
    return new Due(now);
  }

  private final class Due implements DueJobs {

    private final Instant now;

    Due(Instant now) {
      this.now = now;
    }

    @Override
    public List<Candidate> withoutKey(int priority, int limit) {
      Lane lane = lanes.get(priority);
      return lane == null ? List.of() : first(lane.unkeyed, limit).toList();
    }

    @Override
    public List<Candidate> withKey(int priority, int limit) {
      Lane lane = lanes.get(priority);
      return lane == null ? List.of() : first(lane.keyed, limit).toList();
    }

    @Override
    public List<Candidate> ofKeys(int priority, Map<String, Integer> limits) {
      Lane lane = lanes.get(priority);
      return lane == null
          ? List.of()
          : limits.entrySet().stream()
              .flatMap(limit -> first(lane.byKey.get(limit.getKey()), limit.getValue()))
              .toList();
    }

    @Override
    public Keys keysAfter(int priority, String after, int limit) {
      List<String> due = new ArrayList<>();
      Lane lane = lanes.get(priority);
      Iterator<String> keys =
          lane == null
              ? List.<String>of().iterator()
              : lane.byKey.tailMap(after, false).keySet().iterator();
      String last = null;
      for (int looks = 0; looks < limit && keys.hasNext(); looks++) {
        last = keys.next();
        if (lane != null && first(lane.byKey.get(last), 1).findAny().isPresent()) {
          due.add(last);
        }
      }
      return new Keys(due, keys.hasNext() ? last : null);
    }

    private Stream<Candidate> first(@Nullable NavigableSet<Entry> jobs, int limit) {
      return jobs == null
          ? Stream.empty()
          : jobs.stream()
              .takeWhile(entry -> !entry.runAt.isAfter(now))
              .limit(limit)
              .map(Entry::toCandidate);
    }
  }
}
