package io.neuralbridge.embedding;

import org.jspecify.annotations.Nullable;

/**
 * What became of one text of a batch: a vector or a failure.
 *
 * @param id the text's, as it was submitted
 * @param vector the receiver's to keep; null if it failed
 * @param inputTokens the tokens that the provider counted, 0 if it failed
 * @param failure null if it has a vector. Of a batch that ended before the text's turn, a {@link
 *     EmbeddingException.Reason#TIMEOUT}: submit it again
 */
public record BatchResult(
    String id, float @Nullable [] vector, long inputTokens, @Nullable EmbeddingException failure) {

  public BatchResult {
    if ((vector == null) == (failure == null)) {
      throw new IllegalArgumentException("text '" + id + "' needs a vector or a failure");
    }
  }
}
