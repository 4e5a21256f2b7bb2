package io.neuralbridge.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.spring.adapter.FakeSpringModel;
import io.neuralbridge.spring.adapter.LangChain4jEmbeddingModel;
import io.neuralbridge.spring.adapter.SpringAiEmbeddingModel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class FrameworkModelsAutoConfigurationTest {

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  NeuralBridgeAutoConfiguration.class,
                  LangChain4jAutoConfiguration.class,
                  SpringAiAutoConfiguration.class))
          .withPropertyValues("neuralbridge.enabled=false");

  @Test
  void aSpringAiModelIsAdaptedAndToldItsProperties() {
    runner
        .withBean(FakeSpringModel.class, () -> new FakeSpringModel(3))
        .withPropertyValues(
            "neuralbridge.embedding.model-id=mine",
            "neuralbridge.embedding.dimensions=3",
            "neuralbridge.embedding.max-batch-size=7")
        .run(
            context -> {
              EmbeddingModel model = context.getBean(EmbeddingModel.class);
              assertThat(model).isInstanceOf(SpringAiEmbeddingModel.class);
              assertThat(model.modelId()).isEqualTo("mine");
              assertThat(model.maxBatchSize()).isEqualTo(7);
              assertThat(model.embed(List.of("a"), InputType.QUERY).vectors().get(0)).hasSize(3);
            });
  }

  @Test
  void aSpringAiModelThatIsAutoConfiguredLaterInTheAlphabetIsSeen() {
    runner
        .withConfiguration(AutoConfigurations.of(ZzzAutoConfiguration.class))
        .run(
            context ->
                assertThat(context.getBean(EmbeddingModel.class))
                    .isInstanceOf(SpringAiEmbeddingModel.class));
  }

  @Test
  void aLangChain4jModelIsAdapted() {
    runner
        .withBean(dev.langchain4j.model.embedding.EmbeddingModel.class, Lengths::new)
        .withPropertyValues("neuralbridge.embedding.model-id=lengths")
        .run(
            context ->
                assertThat(context.getBean(EmbeddingModel.class))
                    .isInstanceOf(LangChain4jEmbeddingModel.class));
  }

  @Test
  void aModelWithoutANameStopsTheApplicationAndSaysWhatToSet() {
    runner
        .withBean(dev.langchain4j.model.embedding.EmbeddingModel.class, Lengths::new)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("neuralbridge.embedding.model-id"));
  }

  @Test
  void anOwnModelWins() {
    EmbeddingModel own = LocalEmbeddingModel.create();
    runner
        .withBean(FakeSpringModel.class, () -> new FakeSpringModel(3))
        .withBean(EmbeddingModel.class, () -> own)
        .run(context -> assertThat(context.getBean(EmbeddingModel.class)).isSameAs(own));
  }

  @Test
  void ofSeveralModelsNoneIsGuessed() {
    runner
        .withBean("one", FakeSpringModel.class, () -> new FakeSpringModel(3))
        .withBean("two", FakeSpringModel.class, () -> new FakeSpringModel(4))
        .run(
            context ->
                assertThat(context.getBean(EmbeddingModel.class))
                    .isInstanceOf(LocalEmbeddingModel.class));
  }

  @Test
  void withoutEitherLibraryTheApplicationStarts() {
    runner
        .withClassLoader(new FilteredClassLoader("org.springframework.ai", "dev.langchain4j"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(SpringAiAutoConfiguration.class);
              assertThat(context).doesNotHaveBean(LangChain4jAutoConfiguration.class);
              assertThat(context.getBean(EmbeddingModel.class))
                  .isInstanceOf(LocalEmbeddingModel.class);
            });
  }

  /** Named to come last, as Spring AI's come after NeuralBridge's. */
  @Configuration(proxyBeanMethods = false)
  @AutoConfigureOrder
  static class ZzzAutoConfiguration {
    @Bean
    FakeSpringModel springModel() {
      return new FakeSpringModel(3);
    }
  }

  private static final class Lengths implements dev.langchain4j.model.embedding.EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      return Response.from(
          segments.stream().map(s -> Embedding.from(new float[] {s.text().length(), 1})).toList());
    }
  }
}
