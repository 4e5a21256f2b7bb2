/** When a failed job runs again. */
@NullMarked
package io.neuralbridge.retry;

import org.jspecify.annotations.NullMarked;
