/** The public entry point: build, start and stop a NeuralBridge. */
@NullMarked
package io.neuralbridge;

import org.jspecify.annotations.NullMarked;
