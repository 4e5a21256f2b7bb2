package io.neuralbridge.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Vectors around common centres, as texts about common topics have; the same for the same seed. */
final class ClusteredVectors {
  private static final int CENTRES = 40;
  private static final float SPREAD = 0.7f;

  private ClusteredVectors() {}

  static List<float[]> of(long seed, int count, int dimensions) {
    List<float[]> centres = RandomVectors.of(99, CENTRES, dimensions);
    List<float[]> noise = RandomVectors.of(seed, count, dimensions);
    Random random = new Random(seed);
    List<float[]> vectors = new ArrayList<>();
    for (float[] vector : noise) {
      float[] centre = centres.get(random.nextInt(CENTRES));
      for (int i = 0; i < dimensions; i++) {
        vector[i] = centre[i] + SPREAD * vector[i];
      }
      vectors.add(vector);
    }
    return vectors;
  }
}
