package io.neuralbridge.queue;

import io.neuralbridge.job.JobState;
import java.time.Instant;

/**
 * A final job, as much of it as the pruner must know.
 *
 * @param finishedAt when it became final, this time
 */
public record EndedJob(long id, Instant finishedAt, JobState state, String queue, String kind) {}
