package io.neuralbridge.spring.adapter;

import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.text.TokenCounter;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What the adapters of models have in common to be told. Not for use by many threads at once. */
abstract class AdaptedModelBuilder<B extends AdaptedModelBuilder<B>> {

  /** As many as the providers that take the fewest, Cohere's and Bedrock's. */
  private static final int DEFAULT_INPUTS = 96;

  @Nullable String modelId;
  int dimensions;
  EmbeddingLimits limits = EmbeddingLimits.ofInputs(DEFAULT_INPUTS);
  TokenCounter tokenCounter = TokenCounter.cl100k();
  InstantSource clock = InstantSource.system();

  abstract B self();

  /**
   * A name that changes whenever vectors stop being comparable. Unless set: the model's name, then
   * {@code @} and its dimensions.
   */
  public B modelId(String modelId) {
    if (modelId.isBlank()) {
      throw new IllegalArgumentException("the model's id is blank");
    }
    this.modelId = modelId;
    return self();
  }

  /**
   * The length of the vectors, at least 1. Unless set, it is asked for once, at the cost of
   * embedding a word, when it is first needed.
   */
  public B dimensions(int dimensions) {
    if (dimensions < 1) {
      throw new IllegalArgumentException("dimensions must be at least 1: " + dimensions);
    }
    this.dimensions = dimensions;
    return self();
  }

  /**
   * What one call may hold; 96 texts of any length unless set. Say the provider's, such as {@link
   * EmbeddingLimits#OPENAI}: fuller requests are fewer requests.
   */
  public B limits(EmbeddingLimits limits) {
    this.limits = limits;
    return self();
  }

  /** Counts the model's tokens; {@code cl100k} unless set. */
  public B tokenCounter(TokenCounter tokenCounter) {
    this.tokenCounter = tokenCounter;
    return self();
  }
}
