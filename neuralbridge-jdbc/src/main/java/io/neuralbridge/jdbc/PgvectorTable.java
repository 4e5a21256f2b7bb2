package io.neuralbridge.jdbc;

/**
 * A collection and what it owns in the database, all of it named by the collection's number.
 *
 * @param own whether it has a table of its own; else its vectors are in {@code nb_vector}
 * @param indexed whether its index can be used
 */
record PgvectorTable(long id, String name, int dimensions, boolean own, boolean indexed) {

  /** pgvector's limits: of a column, of an index on it, and of an index on its half precision. */
  static final int MOST_DIMENSIONS = 16_000;

  private static final int MOST_INDEXED = 2_000;
  private static final int MOST_INDEXED_HALF = 4_000;

  // More than asked for, so that half precision seldom loses one of the nearest.
  private static final int HALF_CANDIDATES = 2;

  String table() {
    return "nb_pgvector_" + id;
  }

  String index() {
    return table() + "_hnsw";
  }

  String metadataIndex() {
    return table() + "_metadata";
  }

  boolean mayBeIndexed() {
    return dimensions <= MOST_INDEXED_HALF;
  }

  private boolean half() {
    return dimensions > MOST_INDEXED;
  }

  /** How a vector stands in the index. */
  String indexed(String vector) {
    return half() ? "cast(%s AS halfvec(%d))".formatted(vector, dimensions) : vector;
  }

  String operatorClass() {
    return half() ? "halfvec_ip_ops" : "vector_ip_ops";
  }

  /** How many candidates the index is asked for. */
  long candidates(int wanted) {
    return half() ? HALF_CANDIDATES * (long) wanted : wanted;
  }
}
