package io.neuralbridge.examples.bench;

import java.util.Arrays;
import java.util.List;

/** Times contestants in turns, so that a slow moment of the machine hits all of them. */
final class Rounds {
  private static final int WARM_UP = 3;

  private Rounds() {}

  /** Milliseconds a query, by contestant and round, warm-up left out. */
  static double[][] interleaved(int rounds, List<Contestant> contestants, List<float[]> queries) {
    double[][] times = new double[contestants.size()][rounds];
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int i = 0; i < contestants.size(); i++) {
        double millis = time(contestants.get(i).search(), queries);
        if (round >= 0) {
          times[i][round] = millis;
        }
      }
    }
    return times;
  }

  private static double time(Contestant.Search search, List<float[]> queries) {
    float sink = 0;
    long start = System.nanoTime();
    for (float[] query : queries) {
      sink += search.best(query);
    }
    long nanos = System.nanoTime() - start;
    if (Float.isNaN(sink)) {
      throw new IllegalStateException("a score is not a number");
    }
    return nanos / 1e6 / queries.size();
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
