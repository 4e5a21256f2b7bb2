package io.neuralbridge.embedding;

import io.neuralbridge.text.TokenCounter;
import java.util.List;
import java.util.Optional;

/**
 * Turns texts into vectors. This is an SPI: a local model, an HTTP provider or another framework's
 * model stands behind it.
 *
 * <p>Implementations are safe for use by many threads at once, and never retry by themselves: the
 * job engine owns the waiting.
 */
public interface EmbeddingModel {

  /**
   * A name that changes whenever vectors stop being comparable, for example {@code "acme-embed-3"}.
   */
  String modelId();

  /** The length of every vector, at least 1. */
  int dimensions();

  /** How many texts one call of {@link #embed} may hold, at least 1. */
  int maxBatchSize();

  /**
   * What one call may hold; {@link #maxBatchSize()} texts of any length unless overridden. Callers
   * that pack by it, such as {@link SplittingEmbedder}, are refused less often.
   */
  default EmbeddingLimits limits() {
    return EmbeddingLimits.ofInputs(maxBatchSize());
  }

  /** Counts tokens as this model does, or about so; {@code cl100k} unless overridden. */
  default TokenCounter tokenCounter() {
    return TokenCounter.cl100k();
  }

  /**
   * When the provider will shut the model down, asked anew with each call; empty if it announced
   * nothing, or tells nobody.
   *
   * @throws EmbeddingException if the provider cannot be asked
   */
  default Optional<ModelRetirement> retirement() {
    return Optional.empty();
  }

  /**
   * Embeds texts; all succeed or the call throws.
   *
   * @param texts 1 to {@link #maxBatchSize()} texts, none blank
   * @param inputType whether the texts are stored or asked
   * @return one vector a text, in the order of the texts
   * @throws EmbeddingException if the model or its provider refuses or fails
   */
  EmbeddingResponse embed(List<String> texts, InputType inputType);
}
