package io.neuralbridge.vector;

import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.ArrayList;
import java.util.List;

/** Rows as JVector reads them; the arrays of numbers are shared, not copied. */
final class JVectorNodes implements RandomAccessVectorValues {
  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  private final List<Row> rows;
  private final List<VectorFloat<?>> vectors;

  JVectorNodes(List<Row> rows) {
    this.rows = List.copyOf(rows);
    vectors = new ArrayList<>(rows.size());
    for (Row row : rows) {
      vectors.add(wrap(row.unit));
    }
  }

  static VectorFloat<?> wrap(float[] unit) {
    return TYPES.createFloatVector(unit);
  }

  List<Row> rows() {
    return rows;
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public int dimension() {
    return rows.get(0).unit.length;
  }

  @Override
  public VectorFloat<?> getVector(int node) {
    return vectors.get(node);
  }

  @Override
  public boolean isValueShared() {
    return false;
  }

  @Override
  public RandomAccessVectorValues copy() {
    return this;
  }
}
