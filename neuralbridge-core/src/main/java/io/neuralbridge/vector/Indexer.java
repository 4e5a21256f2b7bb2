package io.neuralbridge.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings graphs up to date in the background, one collection at a time. Searches need no graph, so
 * one that cannot be built is logged and tried again after the next change.
 */
final class Indexer {
  private static final Logger LOG = LoggerFactory.getLogger(HnswVectorStore.class);
  private static final int GROWTH = 20;
  private static final int DEAD_SHARE = 3;

  private final HnswSettings settings;
  private final Graph.Builder builder;
  private final Executor executor;
  private final Set<HnswCollection> queued = ConcurrentHashMap.newKeySet();
  private volatile boolean stopped;

  Indexer(HnswSettings settings, Graph.Builder builder, Executor executor) {
    this.settings = settings;
    this.builder = builder;
    this.executor = executor;
  }

  /** To be called after each change and once after a start. */
  void changed(HnswCollection collection) {
    if (stopped || !queued.add(collection)) {
      return;
    }
    try {
      executor.execute(() -> update(collection));
    } catch (RejectedExecutionException e) {
      queued.remove(collection);
    }
  }

  void stop() {
    stopped = true;
  }

  private void update(HnswCollection collection) {
    queued.remove(collection);
    try {
      boolean behind = true;
      while (behind) {
        behind = step(collection);
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      if (!collection.isClosed() && !stopped) {
        LOG.warn("a graph could not be built; its collection is searched without, more slowly", e);
      }
    }
  }

  private boolean step(HnswCollection collection) {
    HnswSnapshot now = collection.snapshot();
    Graph old = now.graph();
    if (now.live() < settings.graphThreshold()) {
      collection.install(null);
      collection.compactJournal();
      return false;
    }
    Graph base = old == null || isStale(now, old) ? null : old;
    List<Row> missing = missing(now, base);
    if (!isWorthwhile(missing.size(), base)) {
      collection.compactJournal();
      return false;
    }
    Graph built = builder.build(base, missing, () -> stopped || collection.isClosed());
    if (built == null) {
      return false;
    }
    collection.install(built);
    collection.compactJournal();
    collection.saveGraph();
    return true;
  }

  /** A third of the nodes is there no more: they only make searches longer. */
  private static boolean isStale(HnswSnapshot now, Graph graph) {
    long dead = graph.nodes().stream().filter(row -> !row.isLive(now.change())).count();
    return dead * DEAD_SHARE > graph.nodes().size();
  }

  private static List<Row> missing(HnswSnapshot now, @Nullable Graph base) {
    int from = base == null ? 0 : now.firstAfter(base.lastNumber());
    return Arrays.stream(now.rows(), from, now.used())
        .filter(row -> row.isLive(now.change()))
        .toList();
  }

  private boolean isWorthwhile(int missing, @Nullable Graph base) {
    if (base == null) {
      return missing > 0;
    }
    int least = Math.max(1, settings.graphThreshold() / 10);
    return missing >= Math.max(least, base.nodes().size() / GROWTH);
  }
}
