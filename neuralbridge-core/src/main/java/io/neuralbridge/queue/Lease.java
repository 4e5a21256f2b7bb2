package io.neuralbridge.queue;

import io.neuralbridge.job.Job;

/**
 * A node's right to run a job and to say how it ended.
 *
 * @param token the fence: random, new with every claim. Whoever settles must show it, so a node
 *     that was paused beyond its time cannot overwrite what came after it
 * @param cancelRequested whether a user gave the job up before it was claimed
 */
public record Lease(Job job, long token, boolean cancelRequested) {}
