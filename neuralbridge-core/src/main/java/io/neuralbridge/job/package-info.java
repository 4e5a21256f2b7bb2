/** What a job is: its type, its request, its state and its outcome, as immutable values. */
@NullMarked
package io.neuralbridge.job;

import org.jspecify.annotations.NullMarked;
