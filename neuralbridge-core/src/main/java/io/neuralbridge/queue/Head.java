package io.neuralbridge.queue;

import java.time.Instant;

/**
 * The waiting job of a queue and priority that has been due for longest, or is due next.
 *
 * @param keyed whether it is the first of the jobs with a key, or of those without
 */
public record Head(int priority, boolean keyed, Instant runAt) {}
