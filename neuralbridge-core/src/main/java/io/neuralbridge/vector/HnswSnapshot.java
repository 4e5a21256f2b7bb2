package io.neuralbridge.vector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An HNSW collection as it was after one change. What is not in its graph is scanned, so a search
 * is complete however far the graph is behind.
 *
 * @param rows by number; filled up to {@code used}, and added to by later changes
 * @param live how many records there were
 */
record HnswSnapshot(long change, Row[] rows, int used, int live, @Nullable Graph graph) {
  private static final int SAMPLE = 512;
  private static final int SELECTIVE = 20;

  List<VectorMatch> search(VectorQuery query, int searchWidth) {
    float[] unit = Vectors.toUnitLength(query.vector());
    int wanted = Math.min(query.k(), Math.max(1, live));
    Graph index = graph;
    if (index == null || wanted > live / SELECTIVE || isSelective(query.filter())) {
      return scan(0, unit, query, new TopMatches(wanted)).toList();
    }
    int width = Math.max(searchWidth, 2 * wanted);
    List<Row> near =
        index.nearest(unit, wanted, width, row -> row.isLive(change) && passes(row, query));
    if (near.size() < wanted) {
      return scan(0, unit, query, new TopMatches(wanted)).toList();
    }
    TopMatches top = new TopMatches(wanted);
    near.forEach(row -> offer(row, unit, query, top));
    return scan(firstAfter(index.lastNumber()), unit, query, top).toList();
  }

  private TopMatches scan(int from, float[] unit, VectorQuery query, TopMatches top) {
    for (int i = from; i < used; i++) {
      if (rows[i].isLive(change)) {
        offer(rows[i], unit, query, top);
      }
    }
    return top;
  }

  private static void offer(Row row, float[] unit, VectorQuery query, TopMatches top) {
    float score = row.score(unit);
    if (top.wants(row.id, score) && passes(row, query)) {
      top.add(new VectorMatch(row.id, score, row.metadata));
    }
  }

  private static boolean passes(Row row, VectorQuery query) {
    return query.filter().test(row.metadata);
  }

  /** A graph is searched in vain by a filter that few records pass; scanning them is quick. */
  private boolean isSelective(VectorFilter filter) {
    if (filter.equals(VectorFilter.all())) {
      return false;
    }
    int step = Math.max(1, used / SAMPLE);
    int seen = 0;
    int passed = 0;
    for (int i = 0; i < used; i += step) {
      if (rows[i].isLive(change)) {
        seen++;
        passed += filter.test(rows[i].metadata) ? 1 : 0;
      }
    }
    return passed * SELECTIVE < seen;
  }

  long indexed() {
    return graph == null ? 0 : graph.nodes().stream().filter(row -> row.isLive(change)).count();
  }

  /** The index of the first row that came after a number. */
  int firstAfter(long number) {
    int low = 0;
    int high = used;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows[middle].number <= number) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
