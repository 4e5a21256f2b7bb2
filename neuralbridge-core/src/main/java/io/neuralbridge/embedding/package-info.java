/** Texts to vectors: the {@code EmbeddingModel} SPI and the built-in local model. */
@NullMarked
package io.neuralbridge.embedding;

import org.jspecify.annotations.NullMarked;
