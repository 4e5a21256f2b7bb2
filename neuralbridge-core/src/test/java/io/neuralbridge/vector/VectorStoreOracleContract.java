package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random changes and searches, compared with a map and a loop. */
public abstract class VectorStoreOracleContract {
  private static final int DIMENSIONS = 19;
  private static final int STEPS = 300;
  private static final int IDS = 400;

  private final Map<String, VectorRecord> oracle = new HashMap<>();

  /** A store without any collection. */
  protected abstract VectorStore emptyStore();

  @Test
  void aStoreAgreesWithBruteForceWhateverWasChangedBefore() {
    VectorStore store = emptyStore();
    Random random = new Random(20261123);
    for (int step = 0; step < STEPS; step++) {
      change(store, random, step);
      assertThat(store.count("c")).isEqualTo(oracle.size());
      compare(store, random);
    }
  }

  private void change(VectorStore store, Random random, int step) {
    List<String> ids =
        random.ints(1 + random.nextInt(40), 0, IDS).mapToObj(i -> "id" + i).distinct().toList();
    if (step > 0 && random.nextInt(3) == 0) {
      long there = ids.stream().filter(oracle::containsKey).count();
      assertThat(store.delete("c", ids)).isEqualTo((int) there);
      ids.forEach(oracle::remove);
      return;
    }
    List<float[]> vectors = RandomVectors.of(step, ids.size(), DIMENSIONS);
    for (int i = 0; i < ids.size(); i++) {
      Map<String, String> metadata = Map.of("group", "g" + random.nextInt(5), "step", "" + step);
      oracle.put(ids.get(i), new VectorRecord(ids.get(i), vectors.get(i), metadata));
    }
    store.upsert("c", ids.stream().map(oracle::get).toList());
  }

  private void compare(VectorStore store, Random random) {
    float[] vector = RandomVectors.of(random.nextLong(), 1, DIMENSIONS).get(0);
    VectorFilter filter =
        random.nextBoolean() ? VectorFilter.all() : VectorFilter.eq("group", "g1");
    VectorQuery query = new VectorQuery(vector, 1 + random.nextInt(30), filter);
    List<VectorMatch> expected = bruteForce(query);
    List<VectorMatch> actual = store.search("c", query);

    // Gaussian vectors do not tie, so rounding cannot change the order.
    assertThat(actual).extracting(VectorMatch::id).isEqualTo(ids(expected));
    for (int i = 0; i < actual.size(); i++) {
      assertThat(actual.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-5f));
      assertThat(actual.get(i).metadata()).isEqualTo(expected.get(i).metadata());
    }
  }

  private static List<String> ids(List<VectorMatch> matches) {
    return matches.stream().map(VectorMatch::id).toList();
  }

  private List<VectorMatch> bruteForce(VectorQuery query) {
    return oracle.values().stream()
        .filter(record -> query.filter().test(record.metadata()))
        .map(
            record ->
                new VectorMatch(
                    record.id(), cosine(record.vector(), query.vector()), record.metadata()))
        .sorted(Comparator.comparingDouble(match -> -match.score()))
        .limit(query.k())
        .toList();
  }

  private static float cosine(float[] a, float[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return (float) (ab / Math.sqrt(aa * bb));
  }
}
