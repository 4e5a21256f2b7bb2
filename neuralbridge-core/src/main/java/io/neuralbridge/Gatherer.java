package io.neuralbridge;

import io.neuralbridge.queue.Lease;
import io.neuralbridge.worker.ChunkLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Leases of chunk workers, by kind, until their chunk is complete. For its producer's thread only.
 */
final class Gatherer {

  private record Gathering(ChunkLimits limits, long dueAtNanos, List<Lease> leases) {}

  private final Map<String, Gathering> byKind = new LinkedHashMap<>();

  /**
   * @param nowNanos elapsed time, from any origin
   */
  void add(Lease lease, ChunkLimits limits, long nowNanos) {
    byKind
        .computeIfAbsent(
            lease.job().kind(),
            kind -> new Gathering(limits, nowNanos + limits.longest().toNanos(), new ArrayList<>()))
        .leases()
        .add(lease);
  }

  /** How many leases wait for others. */
  int size() {
    return byKind.values().stream().mapToInt(gathering -> gathering.leases().size()).sum();
  }

  /** Takes the chunks that are full, or have waited long enough. */
  List<List<Lease>> takeDue(long nowNanos) {
    List<List<Lease>> due = new ArrayList<>();
    for (Iterator<Gathering> all = byKind.values().iterator(); all.hasNext(); ) {
      Gathering gathering = all.next();
      if (nowNanos - gathering.dueAtNanos() >= 0
          || gathering.leases().size() >= gathering.limits().most()) {
        all.remove();
        due.addAll(cut(gathering.leases(), gathering.limits().most()));
      }
    }
    return due;
  }

  private static List<List<Lease>> cut(List<Lease> leases, int most) {
    List<List<Lease>> chunks = new ArrayList<>();
    for (int from = 0; from < leases.size(); from += most) {
      chunks.add(List.copyOf(leases.subList(from, Math.min(from + most, leases.size()))));
    }
    return chunks;
  }

  /** Takes everything, complete or not. */
  List<Lease> takeAll() {
    List<Lease> all =
        byKind.values().stream().flatMap(gathering -> gathering.leases().stream()).toList();
    byKind.clear();
    return all;
  }

  /** How long until a chunk is due that is not full; {@code other} if that is sooner. */
  Duration untilDue(long nowNanos, Duration other) {
    return byKind.values().stream()
        .map(gathering -> Duration.ofNanos(Math.max(0, gathering.dueAtNanos() - nowNanos)))
        .reduce(other, (a, b) -> a.compareTo(b) < 0 ? a : b);
  }
}
