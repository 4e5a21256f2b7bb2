package io.neuralbridge.queue;

import io.neuralbridge.job.JobError;
import java.time.Instant;

/** What a rescue notes on a job, the same in every store. */
public final class Crashes {

  private Crashes() {}

  /** The error of an attempt whose process died, for the {@code crashes}-th time of this job. */
  public static JobError error(int attempt, int crashes, int maxCrashes, Instant at) {
    return crashes < maxCrashes
        ? JobError.of(
            attempt,
            at,
            "node_lost",
            "the node that ran it died (%d of %d)".formatted(crashes, maxCrashes))
        : JobError.of(
            attempt,
            at,
            "quarantined",
            "its node died %d times while it ran; look for what kills the process before you retry it"
                .formatted(crashes));
  }
}
