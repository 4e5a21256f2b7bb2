package io.neuralbridge.vector;

/** Checks that every vector passes at the edge, once. */
final class Vectors {

  private Vectors() {}

  static void requireUsable(String name, float[] vector) {
    if (vector.length == 0) {
      throw new IllegalArgumentException("vector '" + name + "' is empty");
    }
    boolean zero = true;
    for (int i = 0; i < vector.length; i++) {
      if (!Float.isFinite(vector[i])) {
        throw new IllegalArgumentException(
            "vector '"
                + name
                + "' has "
                + vector[i]
                + " at index "
                + i
                + "; only finite numbers can be compared");
      }
      zero &= vector[i] == 0f;
    }
    if (zero) {
      throw new IllegalArgumentException("vector '" + name + "' is all zeros and has no direction");
    }
  }
}
