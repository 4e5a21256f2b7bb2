package io.neuralbridge.spring.adapter;

/** Stores compute in floats, where the squares of large and small numbers do not fit. */
final class UnitVectors {

  private UnitVectors() {}

  static float[] of(float[] vector) {
    double squares = 0;
    for (float number : vector) {
      squares += (double) number * number;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }
}
