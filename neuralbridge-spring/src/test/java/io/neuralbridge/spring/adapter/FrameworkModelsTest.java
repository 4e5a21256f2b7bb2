package io.neuralbridge.spring.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingResponse;
import io.neuralbridge.embedding.InputType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.ai.embedding.EmbeddingOptions;

class FrameworkModelsTest {

  private final FakeSpringModel spring = new FakeSpringModel(3);

  @Test
  void vectorsFollowTheirIndexAndTokensAreKept() {
    EmbeddingModel model = SpringAiEmbeddingModel.builder(spring).modelId("m").build();

    EmbeddingResponse response = model.embed(List.of("a", "bb", "ccc"), InputType.DOCUMENT);

    assertThat(response.vectors()).extracting(v -> v[0]).containsExactly(1f, 2f, 3f);
    assertThat(response.inputTokens()).isEqualTo(7);
    assertThat(spring.calls()).isEqualTo(1);
  }

  @Test
  void nameAndDimensionsAreAskedForOnceAtMost() {
    EmbeddingModel model = SpringAiEmbeddingModel.builder(spring).build();
    assertThat(spring.calls()).as("built lazily").isZero();

    assertThat(model.modelId()).isEqualTo("fake-1@3");
    assertThat(model.dimensions()).isEqualTo(3);
    assertThat(model.modelId()).isEqualTo("fake-1@3");
    assertThat(spring.calls()).isEqualTo(1);
  }

  @Test
  void aFirstCallTellsTheDimensionsToo() {
    EmbeddingModel model = SpringAiEmbeddingModel.builder(spring).build();

    model.embed(List.of("a"), InputType.QUERY);

    assertThat(model.dimensions()).isEqualTo(3);
    assertThat(spring.calls()).isEqualTo(1);
  }

  @Test
  void aFailedProbeIsNotRemembered() {
    spring.instead =
        request -> {
          throw new IllegalStateException("not yet");
        };
    EmbeddingModel model = SpringAiEmbeddingModel.builder(spring).build();

    assertThatThrownBy(model::dimensions).isInstanceOf(EmbeddingException.class);
    spring.instead = null;
    assertThat(model.dimensions()).isEqualTo(3);
  }

  @Test
  void optionsTellQueriesFromDocuments() {
    EmbeddingModel model =
        SpringAiEmbeddingModel.builder(spring)
            .options(type -> EmbeddingOptions.builder().model("m-" + type).dimensions(3).build())
            .build();

    model.embed(List.of("a"), InputType.QUERY);
    model.embed(List.of("a"), InputType.DOCUMENT);

    assertThat(spring.requests())
        .extracting(request -> request.getOptions().getModel())
        .containsExactly("m-QUERY", "m-DOCUMENT");
    assertThat(model.modelId()).isEqualTo("m-DOCUMENT@3");
    assertThat(model.dimensions()).isEqualTo(3);
  }

  @Test
  void vectorsOfAnotherLengthNeedAPerson() {
    EmbeddingModel model = SpringAiEmbeddingModel.builder(spring).dimensions(4).build();

    assertThat(failure(model).reason()).isEqualTo(Reason.WRONG_DIMENSIONS);
  }

  @Test
  void missingVectorsAreABadResponse() {
    spring.instead = request -> new org.springframework.ai.embedding.EmbeddingResponse(List.of());
    EmbeddingModel model = SpringAiEmbeddingModel.builder(spring).modelId("m").build();

    assertThat(failure(model).reason()).isEqualTo(Reason.BAD_RESPONSE);
  }

  @Test
  void moreTextsThanACallMayHoldAreRefusedBeforeIt() {
    EmbeddingModel model = SpringAiEmbeddingModel.builder(spring).modelId("m").build();

    assertThatThrownBy(() -> model.embed(Collections.nCopies(97, "a"), InputType.DOCUMENT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(spring.calls()).isZero();
  }

  @Test
  void aLangChain4jModelThatKnowsInputTypesIsToldThem() {
    Asymmetric below = new Asymmetric(true);
    EmbeddingModel model = LangChain4jEmbeddingModel.builder(below).build();

    EmbeddingResponse response = model.embed(List.of("a", "bb"), InputType.QUERY);
    model.embed(List.of("a"), InputType.DOCUMENT);

    assertThat(below.types).containsExactly(EmbeddingInputType.QUERY, EmbeddingInputType.DOCUMENT);
    assertThat(response.vectors()).extracting(v -> v[0]).containsExactly(1f, 2f);
    assertThat(response.inputTokens()).isEqualTo(5);
    assertThat(model.modelId()).isEqualTo("asymmetric@2");
  }

  @Test
  void aLangChain4jModelThatKnowsNoneIsNotTold() {
    Asymmetric below = new Asymmetric(false);

    LangChain4jEmbeddingModel.builder(below).build().embed(List.of("a"), InputType.QUERY);

    assertThat(below.types).containsOnlyNulls();
  }

  private static EmbeddingException failure(EmbeddingModel model) {
    return catchThrowableOfType(
        EmbeddingException.class, () -> model.embed(List.of("a"), InputType.DOCUMENT));
  }

  private static final class Asymmetric implements dev.langchain4j.model.embedding.EmbeddingModel {
    final List<EmbeddingInputType> types = new ArrayList<>();
    private final boolean knows;

    Asymmetric(boolean knows) {
      this.knows = knows;
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
      return knows
          ? Set.of(new EmbeddingParameter<>("inputType", EmbeddingInputType.class))
          : Set.of();
    }

    @Override
    public String modelName() {
      return "asymmetric";
    }

    @Override
    public dev.langchain4j.model.embedding.response.EmbeddingResponse doEmbed(
        EmbeddingRequest request) {
      types.add(request.inputType());
      return dev.langchain4j.model.embedding.response.EmbeddingResponse.builder()
          .embeddings(
              request.inputs().stream()
                  .map(input -> Embedding.from(new float[] {input.text().length(), 1}))
                  .toList())
          .metadata(
              EmbeddingResponseMetadata.builder()
                  .modelName("asymmetric")
                  .tokenUsage(new TokenUsage(5))
                  .build())
          .build();
    }
  }
}
