package io.neuralbridge.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Vectors with Gaussian coordinates, the same for the same seed. */
final class RandomVectors {

  private RandomVectors() {}

  static List<float[]> of(long seed, int count, int dimensions) {
    Random random = new Random(seed);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[dimensions];
      for (int j = 0; j < dimensions; j++) {
        vector[j] = (float) random.nextGaussian();
      }
      vectors.add(vector);
    }
    return vectors;
  }
}
