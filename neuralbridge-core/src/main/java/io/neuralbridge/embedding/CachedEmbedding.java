package io.neuralbridge.embedding;

/**
 * A vector in a cache.
 *
 * @param vector the receiver's to keep
 * @param tokens what the provider counted for its text, or its share of a request; 0 if unknown
 */
public record CachedEmbedding(float[] vector, int tokens) {

  public CachedEmbedding {
    if (vector.length == 0 || tokens < 0) {
      throw new IllegalArgumentException(
          "a cached embedding needs a vector and no negative tokens: %d dimensions, %d tokens"
              .formatted(vector.length, tokens));
    }
  }

  CachedEmbedding copy() {
    return new CachedEmbedding(vector.clone(), tokens);
  }
}
