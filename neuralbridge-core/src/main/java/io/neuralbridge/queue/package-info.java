/** The store of jobs: the {@code Queue} SPI, whose methods are the verbs of the state machine. */
@NullMarked
package io.neuralbridge.queue;

import org.jspecify.annotations.NullMarked;
