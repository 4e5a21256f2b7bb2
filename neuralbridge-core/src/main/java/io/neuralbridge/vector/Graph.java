package io.neuralbridge.vector;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A finished graph of neighbours over rows. It never changes; searches need no lock. */
interface Graph {

  /** The rows that are its nodes, by number. */
  List<Row> nodes();

  /** Rows up to this number are in it, as far as they lived when it was built. */
  long lastNumber();

  /**
   * About the nearest rows that are accepted, in no order; fewer than {@code count} if it reaches
   * no more.
   *
   * @param width how many candidates to keep on the way: more finds better and takes longer
   */
  List<Row> nearest(float[] unitQuery, int count, int width, Predicate<Row> accepted);

  /** Its edges; what {@link Builder#restore} reads. */
  byte[] toBytes();

  /** Makes graphs. */
  interface Builder extends AutoCloseable {

    /**
     * A graph of the nodes of another, if one is given, and more rows, whose numbers are higher.
     *
     * @return {@code null} if it was stopped
     */
    @Nullable Graph build(@Nullable Graph base, List<Row> more, BooleanSupplier stopped);

    /** The graph that was written, over the same nodes in the same order. */
    Graph restore(List<Row> nodes, byte[] edges);

    @Override
    void close();
  }
}
