package io.neuralbridge.embedding;

import java.time.Duration;

/**
 * An {@link EmbeddingPipeline} calls its provider no more for now, because of what it answered
 * before. The {@link #reason} is that of the answer. No text is to blame.
 */
public final class ProviderPausedException extends EmbeddingException {

  private final Duration retryAfter;

  ProviderPausedException(EmbeddingException why, Duration retryAfter) {
    super(
        why.reason(),
        "the provider is not called until it may answer again, next in %s: %s"
            .formatted(
                Duration.ofSeconds(retryAfter.plusMillis(999).toSeconds()), why.getMessage()),
        why);
    this.retryAfter = retryAfter;
  }

  /** How long until the provider is asked again, at least zero. */
  @Override
  public Duration retryAfter() {
    return retryAfter;
  }
}
