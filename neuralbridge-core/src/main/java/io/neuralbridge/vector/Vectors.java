package io.neuralbridge.vector;

/** Checks that every vector passes at the edge, once, and the arithmetic of a search. */
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

  /** A copy of a usable vector, scaled so that its squares sum to 1. */
  static float[] toUnitLength(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  /**
   * The dot product of {@code b} with as many numbers of {@code a}. Eight sums at once, because one
   * sum makes each addition wait for the one before.
   */
  static float dot(float[] a, int offset, float[] b) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    int i = 0;
    for (int j = offset; i + 8 <= b.length; i += 8, j += 8) {
      s0 += a[j] * b[i];
      s1 += a[j + 1] * b[i + 1];
      s2 += a[j + 2] * b[i + 2];
      s3 += a[j + 3] * b[i + 3];
      s4 += a[j + 4] * b[i + 4];
      s5 += a[j + 5] * b[i + 5];
      s6 += a[j + 6] * b[i + 6];
      s7 += a[j + 7] * b[i + 7];
    }
    for (; i < b.length; i++) {
      s0 += a[offset + i] * b[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }
}
