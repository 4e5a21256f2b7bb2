package io.neuralbridge.vector;

/**
 * What to look for.
 *
 * @param vector the query's vector
 * @param k how many matches at most, at least 1
 * @param filter which records count; {@link VectorFilter#all()} for every one
 */
public record VectorQuery(float[] vector, int k, VectorFilter filter) {

  public VectorQuery {
    Vectors.requireUsable("query", vector);
    if (k < 1) {
      throw new IllegalArgumentException("k must be at least 1: " + k);
    }
  }

  public static VectorQuery of(float[] vector, int k) {
    return new VectorQuery(vector, k, VectorFilter.all());
  }
}
