package io.neuralbridge.queue;

/**
 * What a node should know of one queue.
 *
 * @param settings what was said of it for this node or, where nothing was, for the cluster
 * @param limits what holds for it on all nodes together
 * @param declared whether somebody said what the limits are; if not, a node says what its code says
 */
public record QueueNotice(QueueSettings settings, QueueLimits limits, boolean declared) {}
