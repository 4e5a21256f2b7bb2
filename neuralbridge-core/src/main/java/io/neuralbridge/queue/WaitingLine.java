package io.neuralbridge.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The waiting jobs of one queue: by priority, then due time, then age. */
final class WaitingLine {

  private static final Comparator<Entry> BY_DUE_TIME =
      Comparator.comparing((Entry entry) -> entry.runAt).thenComparing(entry -> entry.id);

  private final TreeMap<Integer, NavigableSet<Entry>> byPriority = new TreeMap<>();

  void add(Entry entry) {
    byPriority
        .computeIfAbsent(entry.spec.priority(), priority -> new TreeSet<>(BY_DUE_TIME))
        .add(entry);
  }

  /** Whether it was there. */
  boolean remove(Entry entry) {
    NavigableSet<Entry> entries = byPriority.get(entry.spec.priority());
    return entries != null && entries.remove(entry);
  }

  List<Entry> takeDue(Instant now, int limit) {
    List<Entry> taken = new ArrayList<>();
    for (NavigableSet<Entry> entries : byPriority.values()) {
      while (taken.size() < limit && !entries.isEmpty() && !entries.first().runAt.isAfter(now)) {
        taken.add(entries.pollFirst());
      }
    }
    return taken;
  }

  @Nullable Instant nextDue() {
    return byPriority.values().stream()
        .filter(entries -> !entries.isEmpty())
        .map(entries -> entries.first().runAt)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
