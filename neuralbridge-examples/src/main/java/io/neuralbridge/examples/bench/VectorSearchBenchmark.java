package io.neuralbridge.examples.bench;

import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Times the ten nearest of many vectors on one thread: a naive loop, the exact store, the store
 * with a filter that a tenth of the records pass, and, where the JVM was started with {@code
 * --add-modules jdk.incubator.vector}, a bare loop on the JDK's Vector API. Arguments, both
 * optional: records (100000) and dimensions (384, or several with commas).
 */
public final class VectorSearchBenchmark {
  private static final int K = 10;
  private static final int ROUNDS = 9;
  private static final int SEARCHES_A_ROUND = 10;
  private static final String COLLECTION = "bench";

  private final List<float[]> vectors = new ArrayList<>();
  private final List<float[]> queries = new ArrayList<>();
  private final ExactVectorStore store = new ExactVectorStore();

  private VectorSearchBenchmark(int records, int dimensions) {
    Random random = new Random(1);
    List<VectorRecord> batch = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      float[] vector = unit(random, dimensions);
      vectors.add(vector);
      batch.add(new VectorRecord("id" + i, vector, Map.of("tenth", "" + i % 10)));
    }
    for (int i = 0; i < SEARCHES_A_ROUND; i++) {
      queries.add(unit(random, dimensions));
    }
    store.upsert(COLLECTION, batch);
  }

  public static void main(String[] args) throws Exception {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    for (String dimensions : (args.length > 1 ? args[1] : "384").split(",", -1)) {
      run(records, Integer.parseInt(dimensions));
    }
  }

  private static void run(int records, int dimensions) throws Exception {
    System.out.printf(
        "%,d vectors of %d dimensions, best %d; median of %d rounds, one thread%n",
        records, dimensions, K, ROUNDS);
    new VectorSearchBenchmark(records, dimensions).run();
  }

  private void run() throws Exception {
    List<Contestant> contestants =
        new ArrayList<>(
            List.of(
                new Contestant("naive loop", this::naive),
                new Contestant("exact store", query -> search(query, VectorFilter.all())),
                new Contestant(
                    "exact store, filtered to 10%",
                    query -> search(query, VectorFilter.eq("tenth", "3")))));
    Optional<VectorApiLoop> loop = VectorApiLoop.compile();
    if (loop.isPresent()) {
      float[][] blocks = VectorApiLoop.blocks(vectors, vectors.size(), vectors.get(0).length);
      contestants.add(
          new Contestant("Vector API loop", query -> loop.get().best(blocks, query, K)));
    }
    double[][] times = Rounds.interleaved(ROUNDS, contestants, queries);
    double naive = Rounds.median(times[0]);
    for (int i = 0; i < contestants.size(); i++) {
      double millis = Rounds.median(times[i]);
      System.out.printf(
          Locale.ROOT,
          "%-30s %8.2f ms/query %6.2f x%n",
          contestants.get(i).name(),
          millis,
          naive / millis);
    }
  }

  private float search(float[] query, VectorFilter filter) {
    return store.search(COLLECTION, new VectorQuery(query, K, filter)).get(0).score();
  }

  /** One sum, one array a vector, and a sorted array of the best scores. */
  private float naive(float[] query) {
    float[] best = new float[K];
    for (float[] vector : vectors) {
      float sum = 0;
      for (int i = 0; i < query.length; i++) {
        sum += vector[i] * query[i];
      }
      keep(best, sum);
    }
    return best[0];
  }

  static void keep(float[] best, float score) {
    int last = best.length - 1;
    for (int i = 0; i <= last && score > best[last]; i++) {
      if (score > best[i]) {
        System.arraycopy(best, i, best, i + 1, last - i);
        best[i] = score;
        break;
      }
    }
  }

  private static float[] unit(Random random, int dimensions) {
    float[] vector = new float[dimensions];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }
}
