package io.neuralbridge.queue;

import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobProgress;
import org.jspecify.annotations.Nullable;

/**
 * What a run has told since its last report.
 *
 * @param token that of its lease
 * @param progress how far it is now, or null if it did not say
 * @param log its new lines
 */
public record JobReport(long jobId, long token, @Nullable JobProgress progress, JobLog log) {}
