package io.neuralbridge.spring.adapter;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.neuralbridge.embedding.InputType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of LangChain4j.
 *
 * <pre>{@code
 * EmbeddingModel model =
 *     LangChain4jEmbeddingModel.builder(langChainModel)
 *         .dimensions(1024)
 *         .limits(EmbeddingLimits.COHERE)
 *         .build();
 * }</pre>
 *
 * <p>One call of {@link #embed} is one call of the other model; the tokens that the provider
 * counted are kept, and failures become {@link io.neuralbridge.embedding.EmbeddingException}s. A
 * model that knows input types is told {@code QUERY} or {@code DOCUMENT}; one that does not is not.
 *
 * <p><b>Switch LangChain4j's own retries off</b>, {@code maxRetries(0)} on the model's builder, or
 * a worker sleeps in them while the job engine waits anew after them. LangChain4j's exceptions do
 * not keep the headers of the answer, so a provider's {@code Retry-After} is lost; where that
 * matters use {@link io.neuralbridge.embedding.HttpEmbeddingModel}. Set its {@code
 * maxSegmentsPerBatch} no lower than the limits here, or one call becomes several, of which one
 * that fails loses the rest.
 *
 * <p>Safe for use by many threads at once, if the other model is.
 */
public final class LangChain4jEmbeddingModel extends AdaptedModel {

  /** What a model without a name calls itself. */
  private static final String NO_NAME = "unknown";

  private final EmbeddingModel model;
  private final boolean knowsInputTypes;

  private LangChain4jEmbeddingModel(Builder builder) {
    super(builder);
    this.model = builder.model;
    this.knowsInputTypes =
        model.supportedParameters().stream()
            .anyMatch(parameter -> parameter.type() == EmbeddingInputType.class);
  }

  /** Begins an adapter. */
  public static Builder builder(EmbeddingModel model) {
    return new Builder(model);
  }

  @Override
  Answer call(List<String> texts, InputType inputType) {
    EmbeddingRequest.Builder request =
        EmbeddingRequest.builder().textSegments(texts.stream().map(TextSegment::from).toList());
    if (knowsInputTypes) {
      request.inputType(
          inputType == InputType.QUERY ? EmbeddingInputType.QUERY : EmbeddingInputType.DOCUMENT);
    }
    EmbeddingResponse response = model.embed(request.build());
    float[][] vectors =
        response.embeddings().stream().map(Embedding::vector).toArray(float[][]::new);
    String name = response.modelName();
    return new Answer(
        name == null || name.equals(NO_NAME) ? "" : name, vectors, tokens(response.tokenUsage()));
  }

  private static long tokens(@Nullable TokenUsage usage) {
    Integer input = usage == null ? null : usage.inputTokenCount();
    return input == null ? 0 : input;
  }

  @Override
  @Nullable String knownName() {
    String name = model.modelName();
    return name == null || name.equals(NO_NAME) ? null : name;
  }

  @Override
  String who() {
    return model.getClass().getSimpleName();
  }

  /** Builds a {@link LangChain4jEmbeddingModel}. Not for use by many threads at once. */
  public static final class Builder extends AdaptedModelBuilder<Builder> {

    private final EmbeddingModel model;

    private Builder(EmbeddingModel model) {
      this.model = model;
    }

    @Override
    Builder self() {
      return this;
    }

    /** The model. Calls nothing yet. */
    public LangChain4jEmbeddingModel build() {
      return new LangChain4jEmbeddingModel(this);
    }
  }
}
