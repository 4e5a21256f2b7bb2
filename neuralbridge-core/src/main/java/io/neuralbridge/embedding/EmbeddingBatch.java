package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * A batch as the provider last described it: small, and of plain values, so that a job keeps it as
 * its progress and goes on after a restart.
 *
 * @param key what it was submitted under
 * @param id the provider's
 * @param inputFileId the texts
 * @param outputFileId the vectors; null while there are none
 * @param errorFileId the texts that failed; null if there are none
 * @param total how many texts it has, 0 until they are counted
 * @param completed how many of them have a vector
 * @param failed how many of them failed
 * @param problemCode why the provider refused it, in its own word; null unless it did
 * @param problem why the provider refused it, for a person; null unless it did
 * @param createdAt seconds since 1970, by the provider's clock
 */
public record EmbeddingBatch(
    String key,
    String id,
    BatchState state,
    String inputFileId,
    @Nullable String outputFileId,
    @Nullable String errorFileId,
    int total,
    int completed,
    int failed,
    @Nullable String problemCode,
    @Nullable String problem,
    long createdAt) {

  /**
   * Why a batch {@link BatchState#FAILED}; null if it did not. {@link Reason#RATE_LIMITED} if too
   * many tokens are in the provider's queue already: the same texts under another key succeed once
   * other batches are done.
   */
  public @Nullable EmbeddingException failure() {
    if (state != BatchState.FAILED) {
      return null;
    }
    String code = String.valueOf(problemCode);
    Reason reason =
        switch (code) {
          case "token_limit_exceeded" -> Reason.RATE_LIMITED;
          case "billing_hard_limit_reached", "insufficient_quota" -> Reason.QUOTA_EXHAUSTED;
          case "model_not_found" -> Reason.NOT_FOUND;
          default -> Reason.REJECTED;
        };
    return new EmbeddingException(
        reason, "batch '%s' was refused, %s: %s".formatted(key, code, problem));
  }
}
