/** What the engine tells its listeners. */
@NullMarked
package io.neuralbridge.event;

import org.jspecify.annotations.NullMarked;
