package io.neuralbridge.examples.bench;

import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.HnswSettings;
import io.neuralbridge.vector.HnswVectorStore;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** This project's stores in the benchmark. */
final class OurIndexes {
  private static final String COLLECTION = "bench";

  private OurIndexes() {}

  /** Finds all of the nearest. */
  record Exact(VectorStore store) implements HnswBenchmark.Index {
    Exact(List<float[]> vectors) {
      this(new ExactVectorStore());
      fill(store, vectors);
    }

    @Override
    public String name() {
      return "exact";
    }

    @Override
    public Set<Integer> search(float[] query, int width) {
      return nearest(store, query);
    }

    @Override
    public void close() {}
  }

  /** The width is a setting of a store, so there is a store for each over the same files. */
  static final class Hnsw implements HnswBenchmark.Index {
    private final Path folder;
    private HnswVectorStore store;
    private int open;

    Hnsw(List<float[]> vectors) throws Exception {
      folder = Files.createTempDirectory("hnsw");
      store = HnswVectorStore.open(folder, settings(100));
      fill(store, vectors);
      awaitGraph();
    }

    private static HnswSettings settings(int width) {
      return HnswSettings.defaults()
          .withGraphThreshold(1000)
          .withConnections(HnswBenchmark.CONNECTIONS)
          .withBuildWidth(HnswBenchmark.BUILD_WIDTH)
          .withBuildThreads(Runtime.getRuntime().availableProcessors())
          .withSearchWidth(width);
    }

    // A benchmark may poll; there is no signal, for nobody else needs to wait for a graph.
    private void awaitGraph() throws InterruptedException {
      while (store.indexed(COLLECTION) < store.count(COLLECTION) * 95 / 100) {
        Thread.sleep(20);
      }
    }

    @Override
    public String name() {
      return "ours";
    }

    @Override
    public Set<Integer> search(float[] query, int width) {
      if (width != open) {
        store.close();
        store = HnswVectorStore.open(folder, settings(width));
        open = width;
      }
      return nearest(store, query);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private static void fill(VectorStore store, List<float[]> vectors) {
    List<VectorRecord> batch = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      batch.add(new VectorRecord("" + i, vectors.get(i), Map.of()));
    }
    store.upsert(COLLECTION, batch);
  }

  private static Set<Integer> nearest(VectorStore store, float[] query) {
    return store.search(COLLECTION, VectorQuery.of(query, HnswBenchmark.K)).stream()
        .map(match -> Integer.parseInt(match.id()))
        .collect(Collectors.toSet());
  }
}
