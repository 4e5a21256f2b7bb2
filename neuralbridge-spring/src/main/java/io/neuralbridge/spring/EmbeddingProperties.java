package io.neuralbridge.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * {@code neuralbridge.embedding.*}: of a Spring AI or LangChain4j model that is adapted by itself.
 * Set the first two: the application then starts without asking the provider anything.
 *
 * @param modelId a name that changes whenever vectors stop being comparable; the model's name and
 *     dimensions unless set
 * @param dimensions the length of its vectors; asked for once, when first needed, unless set
 * @param maxBatchSize how many texts one call may hold; 96 unless set
 */
@ConfigurationProperties("neuralbridge.embedding")
public record EmbeddingProperties(
    @Nullable String modelId, @Nullable Integer dimensions, @Nullable Integer maxBatchSize) {}
