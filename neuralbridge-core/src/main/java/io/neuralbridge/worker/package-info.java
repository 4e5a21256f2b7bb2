/** What a host application writes: workers, their options and the context of one run. */
@NullMarked
package io.neuralbridge.worker;

import org.jspecify.annotations.NullMarked;
