package io.neuralbridge.embedding;

/** Powers made of square roots: unlike {@code Math.pow} they are exact to the bit in every JVM. */
final class Roots {

  private Roots() {}

  /** {@code x} to the power of 3/4, for x at least 0. */
  static float threeQuarters(double x) {
    return (float) Math.sqrt(x * Math.sqrt(x));
  }
}
