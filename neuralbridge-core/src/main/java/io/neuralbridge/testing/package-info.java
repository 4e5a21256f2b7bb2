/** What host applications test with: a clock that they set. */
@NullMarked
package io.neuralbridge.testing;

import org.jspecify.annotations.NullMarked;
