package io.neuralbridge.job;

/**
 * A need between two jobs.
 *
 * @param job the one that waits
 * @param needs the one that it waits for
 */
public record FlowLink(long job, long needs, FailurePolicy onFailure) {}
