package io.neuralbridge.spring.adapter;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.InputType;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * A model of Spring AI.
 *
 * <pre>{@code
 * EmbeddingModel model =
 *     SpringAiEmbeddingModel.builder(springModel)
 *         .modelId("text-embedding-3-small")
 *         .dimensions(1536)
 *         .limits(EmbeddingLimits.OPENAI)
 *         .build();
 * }</pre>
 *
 * <p>One call of {@link #embed} is one call of the other model. The vectors are assigned by their
 * index and checked, the tokens that the provider counted are kept, and failures become {@link
 * io.neuralbridge.embedding.EmbeddingException}s, with the provider's {@code Retry-After} where the
 * exception still has it.
 *
 * <p><b>Switch Spring AI's own retries off</b>, or a worker sleeps in them while the job engine
 * waits anew after them: {@code spring.ai.retry.max-attempts=0}, and for OpenAI {@code
 * spring.ai.openai.max-retries=0}, or the same on the model's builder. With them, a rate limit is
 * seen only after all of them have failed, and mostly without the provider's {@code Retry-After}.
 *
 * <p>Spring AI has no input types. For an asymmetric model give {@link Builder#options}, which
 * chooses the provider's own options by {@link InputType}.
 *
 * <p>Safe for use by many threads at once, if the other model is.
 */
public final class SpringAiEmbeddingModel extends AdaptedModel {

  private final EmbeddingModel model;
  private final Function<InputType, @Nullable EmbeddingOptions> options;

  private SpringAiEmbeddingModel(Builder builder) {
    super(builder);
    this.model = builder.model;
    this.options = builder.options;
  }

  /** Begins an adapter. */
  public static Builder builder(EmbeddingModel model) {
    return new Builder(model);
  }

  @Override
  Answer call(List<String> texts, InputType inputType) {
    EmbeddingOptions chosen = options.apply(inputType);
    EmbeddingResponse response =
        model.call(
            new EmbeddingRequest(
                texts, chosen == null ? EmbeddingOptions.builder().build() : chosen));
    List<Embedding> results = response.getResults();
    float[][] vectors = new float[texts.size()][];
    for (int i = 0; i < results.size(); i++) {
      Integer index = results.get(i).getIndex();
      place(vectors, index == null ? i : index, results.get(i).getOutput());
    }
    return new Answer(
        String.valueOf(response.getMetadata().getModel()),
        vectors,
        tokens(response.getMetadata().getUsage()));
  }

  private void place(float[][] vectors, int index, float[] vector) {
    if (index < 0 || index >= vectors.length || vectors[index] != null) {
      throw bad(
          Reason.BAD_RESPONSE,
          "a vector came for text %d, of %d texts, or twice".formatted(index, vectors.length));
    }
    vectors[index] = vector;
  }

  private static long tokens(@Nullable Usage usage) {
    if (usage == null) {
      return 0;
    }
    Integer prompt = usage.getPromptTokens();
    Integer total = usage.getTotalTokens();
    boolean counted = prompt != null && prompt > 0;
    return counted ? prompt : total == null ? 0 : total;
  }

  @Override
  @Nullable String knownName() {
    EmbeddingOptions chosen = options.apply(InputType.DOCUMENT);
    return chosen == null ? null : chosen.getModel();
  }

  @Override
  String who() {
    return model.getClass().getSimpleName();
  }

  /** Builds a {@link SpringAiEmbeddingModel}. Not for use by many threads at once. */
  public static final class Builder extends AdaptedModelBuilder<Builder> {

    private final EmbeddingModel model;
    private Function<InputType, @Nullable EmbeddingOptions> options = type -> null;

    private Builder(EmbeddingModel model) {
      this.model = model;
    }

    /**
     * The options of a call by its input type, such as Vertex AI's {@code RETRIEVAL_QUERY} and
     * {@code RETRIEVAL_DOCUMENT}; the model's own defaults unless set, or where null. They must not
     * differ in model or dimensions.
     */
    public Builder options(Function<InputType, @Nullable EmbeddingOptions> options) {
      this.options = options;
      EmbeddingOptions chosen = options.apply(InputType.DOCUMENT);
      Integer length = chosen == null ? null : chosen.getDimensions();
      return length == null ? this : dimensions(length);
    }

    @Override
    Builder self() {
      return this;
    }

    /** The model. Calls nothing yet. */
    public SpringAiEmbeddingModel build() {
      return new SpringAiEmbeddingModel(this);
    }
  }
}
