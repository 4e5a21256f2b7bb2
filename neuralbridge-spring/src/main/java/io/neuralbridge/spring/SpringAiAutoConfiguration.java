package io.neuralbridge.spring;

import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.spring.adapter.SpringAiEmbeddingModel;
import java.util.Optional;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * Adapts the Spring AI model of the application, unless it has one of NeuralBridge's own. Comes
 * after the auto-configurations that make such models, whatever they are called.
 */
@AutoConfiguration(before = NeuralBridgeAutoConfiguration.class)
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass(org.springframework.ai.embedding.EmbeddingModel.class)
@EnableConfigurationProperties(EmbeddingProperties.class)
public class SpringAiAutoConfiguration {

  @Bean
  @ConditionalOnSingleCandidate(org.springframework.ai.embedding.EmbeddingModel.class)
  @ConditionalOnMissingBean(EmbeddingModel.class)
  EmbeddingModel neuralBridgeSpringAiEmbeddingModel(
      org.springframework.ai.embedding.EmbeddingModel model, EmbeddingProperties properties) {
    SpringAiEmbeddingModel.Builder builder = SpringAiEmbeddingModel.builder(model);
    Optional.ofNullable(properties.modelId()).ifPresent(builder::modelId);
    Optional.ofNullable(properties.dimensions()).ifPresent(builder::dimensions);
    Optional.ofNullable(properties.maxBatchSize())
        .map(EmbeddingLimits::ofInputs)
        .ifPresent(builder::limits);
    return builder.build();
  }
}
