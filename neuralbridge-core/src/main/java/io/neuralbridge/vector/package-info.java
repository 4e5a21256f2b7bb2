/** Vectors to nearest neighbours: the {@code VectorStore} SPI and the exact in-memory store. */
@NullMarked
package io.neuralbridge.vector;

import org.jspecify.annotations.NullMarked;
