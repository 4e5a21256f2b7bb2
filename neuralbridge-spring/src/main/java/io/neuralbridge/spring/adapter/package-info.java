/**
 * The models and vector stores of Spring AI and LangChain4j behind NeuralBridge's own interfaces.
 */
@NullMarked
package io.neuralbridge.spring.adapter;

import org.jspecify.annotations.NullMarked;
