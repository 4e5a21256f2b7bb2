package io.neuralbridge.vector;

/**
 * A matrix by rows.
 *
 * @param rows the old model's dimensions
 * @param columns the new model's
 */
record BridgeMatrix(int rows, int columns, float[] values) {

  /** The product, scaled to length 1. A vector that is mapped to nothing gets any direction. */
  float[] times(float[] vector) {
    float[] product = new float[rows];
    boolean zero = true;
    for (int i = 0; i < rows; i++) {
      product[i] = Vectors.dot(values, i * columns, vector);
      zero &= product[i] == 0;
    }
    if (zero) {
      product[0] = 1;
    }
    return Vectors.toUnitLength(product);
  }
}
