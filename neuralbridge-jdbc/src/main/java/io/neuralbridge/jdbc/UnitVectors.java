package io.neuralbridge.jdbc;

import io.neuralbridge.vector.VectorRecord;
import java.util.List;
import org.jdbi.v3.core.argument.Argument;
import org.postgresql.PGConnection;

/**
 * Vectors scaled to length 1, so that their inner product is the cosine, on their way to
 * PostgreSQL: the driver sends {@code real[]} in binary, and no other form that a vector can be
 * made of.
 */
final class UnitVectors {

  private UnitVectors() {}

  static Argument of(float[] vector) {
    float[] unit = new float[vector.length];
    scale(vector, unit, 0);
    return reals(unit);
  }

  /** All of them one after the other. */
  static Argument of(List<VectorRecord> records, int dimensions) {
    float[] units = new float[Math.multiplyExact(records.size(), dimensions)];
    for (int i = 0; i < records.size(); i++) {
      scale(records.get(i).vector(), units, i * dimensions);
    }
    return reals(units);
  }

  private static void scale(float[] vector, float[] target, int offset) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      target[offset + i] = (float) (vector[i] / length);
    }
  }

  private static Argument reals(float[] values) {
    return (position, statement, context) ->
        statement.setArray(
            position,
            statement
                .getConnection()
                .unwrap(PGConnection.class)
                .createArrayOf("float4", (Object) values));
  }
}
