/** Benchmarks: each prints figures side by side, measured in one run. */
@NullMarked
package io.neuralbridge.examples.bench;

import org.jspecify.annotations.NullMarked;
