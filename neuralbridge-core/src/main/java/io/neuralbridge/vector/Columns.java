package io.neuralbridge.vector;

/**
 * The inner loops of the exact scan. Each runs over columns with one index and no offset, the form
 * that every C2 since JDK 17 vectorises; four columns a pass, so that a score is loaded and stored
 * once for four products.
 */
final class Columns {

  private Columns() {}

  static void addFour(float[] scores, int count, float[][] columns, float[] query, int first) {
    addFour(
        scores,
        count,
        columns[first],
        columns[first + 1],
        columns[first + 2],
        columns[first + 3],
        query[first],
        query[first + 1],
        query[first + 2],
        query[first + 3]);
  }

  private static void addFour(
      float[] scores,
      int count,
      float[] a,
      float[] b,
      float[] c,
      float[] d,
      float x,
      float y,
      float z,
      float w) {
    for (int i = 0; i < count; i++) {
      scores[i] += (x * a[i] + y * b[i]) + (z * c[i] + w * d[i]);
    }
  }

  static void addOne(float[] scores, int count, float[] column, float factor) {
    for (int i = 0; i < count; i++) {
      scores[i] += factor * column[i];
    }
  }
}
