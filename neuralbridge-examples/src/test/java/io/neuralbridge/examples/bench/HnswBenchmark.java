package io.neuralbridge.examples.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Times graphs of neighbours beside each other, each at the smallest width that finds 98 of the 100
 * nearest: ours, JVector's own and Lucene's, with the same edges and the same build. The vectors
 * lie around common centres in 48 hidden dimensions. Arguments, both optional: records (100000) and
 * dimensions (384).
 */
public final class HnswBenchmark {
  static final int K = 10;
  static final int CONNECTIONS = 16;
  static final int BUILD_WIDTH = 100;
  private static final int HIDDEN = 48;
  private static final int QUERIES = 200;
  private static final int ROUNDS = 5;
  private static final double RECALL = 0.98;
  private static final int[] WIDTHS = {10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 400};

  private HnswBenchmark() {}

  /** A built graph. */
  interface Index extends AutoCloseable {
    String name();

    Set<Integer> search(float[] query, int width);

    @Override
    void close() throws IOException;
  }

  public static void main(String[] args) throws Exception {
    int records = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
    int dimensions = args.length > 1 ? Integer.parseInt(args[1]) : 384;
    List<float[]> all = vectors(records + QUERIES, dimensions);
    List<float[]> vectors = all.subList(0, records);
    List<float[]> queries = all.subList(records, all.size());
    List<Set<Integer>> truth = new ArrayList<>();
    try (Index exact = new OurIndexes.Exact(vectors)) {
      queries.forEach(query -> truth.add(exact.search(query, 0)));
    }
    System.out.printf("%,d vectors of %d dimensions, best %d%n", records, dimensions, K);
    List<Index> indexes = new ArrayList<>();
    for (Maker maker : List.<Maker>of(OurIndexes.Hnsw::new, JVectorIndex::new, LuceneIndex::new)) {
      long start = System.nanoTime();
      indexes.add(maker.make(vectors));
      System.out.printf(
          "%-12s built in %.1f s%n",
          indexes.get(indexes.size() - 1).name(), (System.nanoTime() - start) / 1e9);
    }
    compare(indexes, queries, truth);
    for (Index index : indexes) {
      index.close();
    }
  }

  private interface Maker {
    Index make(List<float[]> vectors) throws Exception;
  }

  private static void compare(
      List<Index> indexes, List<float[]> queries, List<Set<Integer>> truth) {
    List<Contestant> contestants = new ArrayList<>();
    for (Index index : indexes) {
      int width = width(index, queries, truth);
      System.out.printf(
          "%-12s width %3d finds %.3f%n",
          index.name(), width, recall(index, width, queries, truth));
      contestants.add(new Contestant(index.name(), query -> index.search(query, width).size()));
    }
    double[][] times = Rounds.interleaved(ROUNDS, contestants, queries);
    for (int i = 0; i < times.length; i++) {
      double millis = Rounds.median(times[i]);
      System.out.printf(
          "%-12s %7.3f ms/query %8.0f queries/s%n",
          contestants.get(i).name(), millis, 1000 / millis);
    }
  }

  private static int width(Index index, List<float[]> queries, List<Set<Integer>> truth) {
    for (int width : WIDTHS) {
      if (recall(index, width, queries, truth) >= RECALL) {
        return width;
      }
    }
    return WIDTHS[WIDTHS.length - 1];
  }

  private static double recall(
      Index index, int width, List<float[]> queries, List<Set<Integer>> truth) {
    int found = 0;
    for (int i = 0; i < queries.size(); i++) {
      for (int each : index.search(queries.get(i), width)) {
        found += truth.get(i).contains(each) ? 1 : 0;
      }
    }
    return found / (double) (K * queries.size());
  }

  private static List<float[]> vectors(int count, int dimensions) {
    Random random = new Random(1);
    float[][] map = gaussian(random, HIDDEN, dimensions);
    float[][] centres = gaussian(random, 200, HIDDEN);
    List<float[]> vectors = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      float[] centre = centres[random.nextInt(centres.length)];
      float[] vector = new float[dimensions];
      for (int h = 0; h < HIDDEN; h++) {
        float hidden = centre[h] + 0.8f * (float) random.nextGaussian();
        for (int d = 0; d < dimensions; d++) {
          vector[d] += hidden * map[h][d];
        }
      }
      vectors.add(unit(vector));
    }
    return vectors;
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    float length = (float) Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= length;
    }
    return vector;
  }

  private static float[][] gaussian(Random random, int rows, int columns) {
    float[][] numbers = new float[rows][columns];
    for (float[] row : numbers) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return numbers;
  }
}
