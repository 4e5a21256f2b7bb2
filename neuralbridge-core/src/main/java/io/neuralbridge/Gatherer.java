package io.neuralbridge;

import io.neuralbridge.queue.Lease;
import io.neuralbridge.worker.ChunkLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Leases that wait for others of their chunk. Safe for use by many threads. */
final class Gatherer {

  private static final class Chunk {
    private final long dueAtNanos;
    private final List<Lease> leases = new ArrayList<>();
    private long bytes;

    Chunk(long dueAtNanos) {
      this.dueAtNanos = dueAtNanos;
    }

    Unit toUnit() {
      return new Unit(leases, bytes);
    }
  }

  private final Map<Kinds.Together, Chunk> open = new LinkedHashMap<>();
  private final List<Unit> full = new ArrayList<>();
  private int size;
  private long bytes;
  private boolean closed;

  /**
   * Adds a lease to the chunk that it belongs to.
   *
   * @param need what memory it needs
   * @param budget what memory a chunk may need; it is full when no other lease like this one fits
   * @param nowNanos elapsed time, from any origin
   * @return {@code false} if nothing is gathered any more
   */
  synchronized boolean add(
      Lease lease,
      Kinds.Together together,
      ChunkLimits limits,
      long need,
      long budget,
      long nowNanos) {
    if (closed) {
      return false;
    }
    Chunk before = open.get(together);
    if (before != null && need > budget - before.bytes) {
      complete(together);
    }
    Chunk chunk =
        open.computeIfAbsent(together, key -> new Chunk(nowNanos + limits.longest().toNanos()));
    chunk.leases.add(lease);
    chunk.bytes += need;
    size++;
    bytes += need;
    if (chunk.leases.size() >= limits.most() || need > budget - chunk.bytes) {
      complete(together);
    }
    return true;
  }

  private void complete(Kinds.Together together) {
    Chunk chunk = open.remove(together);
    if (chunk != null) {
      full.add(chunk.toUnit());
    }
  }

  /** How many leases wait for others. */
  synchronized int size() {
    return size;
  }

  /** What memory they need. */
  synchronized long bytes() {
    return bytes;
  }

  /** Takes the chunks that are full. */
  synchronized List<Unit> takeFull() {
    return take(chunk -> false);
  }

  /** Takes the chunks that are full, or have waited long enough. */
  synchronized List<Unit> takeDue(long nowNanos) {
    return take(chunk -> nowNanos - chunk.dueAtNanos >= 0);
  }

  /** Takes all chunks, full or not. */
  synchronized List<Unit> takeAll() {
    return take(chunk -> true);
  }

  private List<Unit> take(Predicate<Chunk> isDue) {
    List<Unit> due = new ArrayList<>(full);
    full.clear();
    for (Iterator<Chunk> chunks = open.values().iterator(); chunks.hasNext(); ) {
      Chunk chunk = chunks.next();
      if (isDue.test(chunk)) {
        chunks.remove();
        due.add(chunk.toUnit());
      }
    }
    size -= due.stream().mapToInt(unit -> unit.leases().size()).sum();
    bytes -= due.stream().mapToLong(Unit::bytes).sum();
    return due;
  }

  /** Takes all chunks and gathers no more. */
  synchronized List<Unit> close() {
    closed = true;
    return takeAll();
  }

  /** The leases that wait for others. */
  synchronized List<Lease> leases() {
    return open.values().stream().flatMap(chunk -> chunk.leases.stream()).toList();
  }

  /** How long until a chunk is due that is not full; null if there is none. */
  synchronized @Nullable Duration untilDue(long nowNanos) {
    return open.values().stream()
        .map(chunk -> Duration.ofNanos(Math.max(0, chunk.dueAtNanos - nowNanos)))
        .min(Duration::compareTo)
        .orElse(null);
  }
}
