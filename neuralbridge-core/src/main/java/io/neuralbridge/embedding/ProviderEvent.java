package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * What an {@link EmbeddingPipeline} tells of its provider: what a person should hear of, once, not
 * what happens with each text.
 */
public sealed interface ProviderEvent {

  /** The model that the provider has. */
  String modelId();

  /** Whether it is the fallback. */
  boolean fallback();

  /**
   * The provider is not called any more. What {@linkplain Reason#needsAPerson needs a person} is
   * tried again now and then, and at once after {@link EmbeddingPipeline#resume}.
   *
   * @param reason what the provider said
   * @param message the same in words
   * @param until when it is tried for the first time
   */
  record Paused(String modelId, boolean fallback, Reason reason, String message, Instant until)
      implements ProviderEvent {}

  /** The provider answers again, or somebody says that it should. */
  record Resumed(String modelId, boolean fallback) implements ProviderEvent {}

  /**
   * The provider refused a call for its rate or its load.
   *
   * @param delay how long it is left alone
   * @param concurrency how many calls at once it gets from now on
   */
  record Throttled(String modelId, boolean fallback, Reason reason, Duration delay, int concurrency)
      implements ProviderEvent {}

  /** The first provider takes no calls, and the fallback gets them from now on. */
  record FellBack(String modelId, boolean fallback, Reason reason, String message)
      implements ProviderEvent {}
}
