package io.neuralbridge.queue;

/**
 * A node's time as the leader of a duty.
 *
 * @param number grows with every new leader of the duty, also when a node follows itself after its
 *     time ran out: what a leader writes with it can be told from what a later one wrote
 */
public record Term(String duty, long node, long number) {}
