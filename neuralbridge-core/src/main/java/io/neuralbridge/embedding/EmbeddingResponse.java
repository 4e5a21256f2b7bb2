package io.neuralbridge.embedding;

import java.util.List;

/**
 * The vectors of one {@link EmbeddingModel#embed} call.
 *
 * @param vectors one vector a text, in the order of the texts; the arrays are the receiver's to
 *     keep
 * @param inputTokens the tokens that the provider counted, 0 if it counts none
 * @param rateLimits what the provider said about its limits
 */
public record EmbeddingResponse(
    List<float[]> vectors, long inputTokens, RateLimitHeaders rateLimits) {

  public EmbeddingResponse {
    vectors = List.copyOf(vectors);
    if (inputTokens < 0) {
      throw new IllegalArgumentException("inputTokens must not be negative: " + inputTokens);
    }
  }

  /** A response of a model that says nothing about limits. */
  public EmbeddingResponse(List<float[]> vectors, long inputTokens) {
    this(vectors, inputTokens, RateLimitHeaders.NONE);
  }
}
