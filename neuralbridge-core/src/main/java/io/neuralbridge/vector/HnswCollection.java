package io.neuralbridge.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The writers' side of an HNSW collection: first the journal, then memory, then the snapshot. */
final class HnswCollection {
  private static final int SPARE_ROWS = 1024;

  private final int dimensions;
  private final Journal journal;
  private final Map<String, Row> current = new HashMap<>();
  private volatile HnswSnapshot snapshot;
  private volatile boolean closed;
  private long nextNumber;

  /**
   * @param rows what the journal holds, by number, ended ones too
   * @param graph over some of the rows
   */
  HnswCollection(int dimensions, Journal journal, List<Row> rows, @Nullable Graph graph) {
    this.dimensions = dimensions;
    this.journal = journal;
    Row[] live = rows.stream().filter(row -> !row.hasEnded()).toArray(Row[]::new);
    for (Row row : live) {
      current.put(row.id, row);
    }
    nextNumber = rows.isEmpty() ? 1 : rows.get(rows.size() - 1).number + 1;
    snapshot = new HnswSnapshot(1, live, live.length, live.length, graph);
  }

  int dimensions() {
    return dimensions;
  }

  HnswSnapshot snapshot() {
    return snapshot;
  }

  boolean isClosed() {
    return closed;
  }

  /** {@code false} if the collection was dropped meanwhile. */
  boolean upsert(List<VectorRecord> batch) {
    Map<String, VectorRecord> last = new LinkedHashMap<>();
    batch.forEach(record -> last.put(record.id(), record));
    List<float[]> units =
        last.values().stream().map(each -> Vectors.toUnitLength(each.vector())).toList();
    synchronized (this) {
      if (closed) {
        return false;
      }
      List<Row> rows = new ArrayList<>(last.size());
      for (VectorRecord record : last.values()) {
        float[] unit = units.get(rows.size());
        rows.add(new Row(nextNumber + rows.size(), record.id(), unit, record.metadata()));
      }
      journal.append(rows, List.of());
      nextNumber += rows.size();
      publish(rows, List.of());
      return true;
    }
  }

  synchronized int delete(Collection<String> ids) {
    Set<String> there = new LinkedHashSet<>(ids);
    there.retainAll(current.keySet());
    if (closed || there.isEmpty()) {
      return 0;
    }
    journal.append(List.of(), there);
    publish(List.of(), there);
    return there.size();
  }

  private void publish(List<Row> added, Collection<String> deleted) {
    HnswSnapshot before = snapshot;
    long change = before.change() + 1;
    for (String id : deleted) {
      end(current.remove(id), change);
    }
    int used = before.used();
    Row[] rows = before.rows();
    if (used + added.size() > rows.length) {
      rows = Arrays.copyOf(rows, Math.max(used + added.size(), used + used / 2));
    }
    for (Row row : added) {
      end(current.put(row.id, row), change);
      rows[used++] = row;
    }
    snapshot = compact(new HnswSnapshot(change, rows, used, current.size(), before.graph()));
  }

  private static void end(@Nullable Row row, long change) {
    if (row != null) {
      row.end(change);
    }
  }

  /** Old snapshots keep the old array; rows of the graph are kept by the graph. */
  private static HnswSnapshot compact(HnswSnapshot full) {
    if (full.used() <= 2 * full.live() + SPARE_ROWS) {
      return full;
    }
    Row[] live = live(full).toArray(Row[]::new);
    return new HnswSnapshot(full.change(), live, live.length, live.length, full.graph());
  }

  static List<Row> live(HnswSnapshot of) {
    return Arrays.stream(of.rows(), 0, of.used()).filter(row -> row.isLive(of.change())).toList();
  }

  synchronized void install(@Nullable Graph graph) {
    HnswSnapshot now = snapshot;
    snapshot = new HnswSnapshot(now.change(), now.rows(), now.used(), now.live(), graph);
  }

  /** Writes the journal anew if most of what is in it has ended. */
  synchronized void compactJournal() {
    HnswSnapshot now = snapshot;
    Graph graph = now.graph();
    long needed = (long) now.live() + (graph == null ? 0 : graph.nodes().size());
    if (closed || journal.entries() <= 2 * needed + SPARE_ROWS) {
      return;
    }
    Map<Long, Row> kept = new HashMap<>();
    live(now).forEach(row -> kept.put(row.number, row));
    if (graph != null) {
      graph.nodes().forEach(row -> kept.put(row.number, row));
    }
    List<Row> rows =
        kept.values().stream().sorted((a, b) -> Long.compare(a.number, b.number)).toList();
    Set<String> ended = new LinkedHashSet<>();
    rows.stream().map(row -> row.id).filter(id -> !current.containsKey(id)).forEach(ended::add);
    journal.rewrite(rows, ended);
    if (graph != null) {
      journal.save(graph);
    }
  }

  /** Not under the lock, so that writers go on; only a rewritten journal makes it useless. */
  void saveGraph() {
    Graph graph = snapshot.graph();
    if (graph != null && !closed) {
      journal.save(graph);
    }
  }

  /** Ends all writing. */
  synchronized void close() {
    closed = true;
    journal.close();
  }

  /** Ends all writing and forgets what is on disk. */
  synchronized void drop() {
    close();
    journal.delete();
  }
}
