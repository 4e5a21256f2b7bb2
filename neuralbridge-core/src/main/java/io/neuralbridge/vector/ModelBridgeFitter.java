package io.neuralbridge.vector;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Learns a {@link ModelBridge} from chunks that both models have embedded, one pair at a time. For
 * equal dimensions it tries a rotation (orthogonal Procrustes) and ridge regression, for others the
 * latter; what serves best on one part of the held-out pairs is measured on the other part.
 *
 * <p>Of each five pairs one is held out, at most 1,000 at a time. The others are summed up, so
 * memory does not grow with them: two square matrices of doubles and 5,000 vectors. Beyond 20,000
 * pairs ever fewer are taken. The same pairs in the same order and the same seed make the same
 * bridge. Safe for use by many threads.
 *
 * <p>{@link #fit} needs the optional dependency {@code org.ejml:ejml-ddense}.
 */
public final class ModelBridgeFitter {
  private static final int K = 10;
  private static final int FEWEST_PAIRS = 200;
  private static final int HELD_OUT = 1_000;
  private static final int CORPUS = 4_000;
  private static final int ENOUGH = 20_000;
  private static final double HELD_OUT_SHARE = 0.2;

  private final String fromModel;
  private final String toModel;
  private final Random random;
  private final Reservoir<Pair> heldOut;
  private final Reservoir<float[]> corpus;
  private double @Nullable [][] inputs;
  private double @Nullable [][] both;
  private int from;
  private int to;
  private long seen;
  private int trained;

  private record Pair(float[] from, float[] to) {}

  /**
   * @param fromModel the id of the new model
   * @param toModel the id of the old one
   * @param seed decides which pairs are held out
   */
  public ModelBridgeFitter(String fromModel, String toModel, long seed) {
    this.fromModel = fromModel;
    this.toModel = toModel;
    random = new Random(seed);
    heldOut = new Reservoir<>(HELD_OUT, random);
    corpus = new Reservoir<>(CORPUS, random);
  }

  /**
   * Takes the two vectors of one chunk in.
   *
   * @throws IllegalArgumentException if a vector is not usable or has other dimensions than before
   */
  public synchronized void add(float[] newVector, float[] oldVector) {
    Vectors.requireUsable("new", newVector);
    Vectors.requireUsable("old", oldVector);
    if (seen == 0) {
      from = newVector.length;
      to = oldVector.length;
    }
    if (newVector.length != from || oldVector.length != to) {
      throw new IllegalArgumentException(
          "pairs of %d and %d dimensions were given before, now one of %d and %d"
              .formatted(from, to, newVector.length, oldVector.length));
    }
    seen++;
    Pair pair = new Pair(Vectors.toUnitLength(newVector), Vectors.toUnitLength(oldVector));
    if (random.nextDouble() < HELD_OUT_SHARE) {
      Pair left = heldOut.offer(pair);
      if (left != null) {
        train(left);
      }
    } else {
      train(pair);
    }
  }

  private void train(Pair pair) {
    corpus.offer(pair.to());
    if (seen > ENOUGH && random.nextDouble() * seen > ENOUGH) {
      return;
    }
    if (inputs == null || both == null) {
      inputs = new double[from][from];
      both = new double[from][to];
    }
    trained++;
    addProducts(inputs, pair.from(), pair.from());
    addProducts(both, pair.from(), pair.to());
  }

  private static void addProducts(double[][] sums, float[] a, float[] b) {
    for (int i = 0; i < a.length; i++) {
      double[] row = sums[i];
      double factor = a[i];
      for (int j = 0; j < b.length; j++) {
        row[j] += factor * b[j];
      }
    }
  }

  /** How many pairs were given. */
  public synchronized long pairs() {
    return seen;
  }

  /**
   * The best map for the pairs so far; more may be added afterwards. Takes seconds to a minute for
   * 1,536 dimensions.
   *
   * @throws IllegalStateException if there are fewer than 200 pairs, or EJML is missing
   */
  public synchronized ModelBridge fit() {
    double[][] gram = inputs;
    double[][] cross = both;
    if (seen < FEWEST_PAIRS || gram == null || cross == null) {
      throw new IllegalStateException(
          "a bridge from '%s' to '%s' needs %d pairs at least; there are %d"
              .formatted(fromModel, toModel, FEWEST_PAIRS, seen));
    }
    List<Pair> all = heldOut.kept();
    List<Pair> choosing = all.subList(0, all.size() / 2);
    BridgeMath.Candidate best =
        candidates(gram, cross).stream()
            .max(Comparator.comparingDouble(each -> meanCosine(each.matrix(), choosing)))
            .orElseThrow();
    BridgeReport report = measure(best, all.subList(all.size() / 2, all.size()));
    return new ModelBridge(fromModel, toModel, best.matrix(), report);
  }

  private static List<BridgeMath.Candidate> candidates(double[][] gram, double[][] cross) {
    try {
      return BridgeMath.candidates(gram, cross);
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "a model bridge needs EJML: add the dependency org.ejml:ejml-ddense:0.46.1", e);
    }
  }

  private static double meanCosine(BridgeMatrix matrix, List<Pair> pairs) {
    return pairs.stream()
        .mapToDouble(pair -> Vectors.dot(matrix.times(pair.from()), 0, pair.to()))
        .average()
        .orElse(0);
  }

  private BridgeReport measure(BridgeMath.Candidate best, List<Pair> pairs) {
    HeldOutRecall search = new HeldOutRecall(corpus.kept(), K);
    double recall =
        pairs.stream()
            .mapToDouble(pair -> search.of(best.matrix().times(pair.from()), pair.to()))
            .average()
            .orElse(0);
    return new BridgeReport(
        best.method(),
        best.lambda(),
        trained,
        pairs.size(),
        meanCosine(best.matrix(), pairs),
        K,
        recall,
        corpus.kept().size());
  }
}
