/** Jobs that belong together: workflows, batches and chains. */
@NullMarked
package io.neuralbridge.flow;

import org.jspecify.annotations.NullMarked;
