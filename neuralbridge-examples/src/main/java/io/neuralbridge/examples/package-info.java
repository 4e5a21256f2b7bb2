/** Runnable examples, one main class a capability. */
@NullMarked
package io.neuralbridge.examples;

import org.jspecify.annotations.NullMarked;
