package io.neuralbridge.queue;

import io.neuralbridge.job.Job;
import java.time.Instant;
import java.util.Comparator;

/**
 * A node's right to run a job and to say how it ended.
 *
 * @param token the fence: random, new with every claim. Whoever settles must show it, so a node
 *     that was paused beyond its time cannot overwrite what came after it
 * @param cancelRequested whether a user gave the job up before it was claimed
 * @param claimedAt the store's time when it was claimed: from here a node measures deadlines, with
 *     a clock of its own that need not agree with the store's
 */
public record Lease(Job job, long token, boolean cancelRequested, Instant claimedAt) {

  /** By priority, then due time, then age. */
  public static final Comparator<Lease> ORDER =
      Comparator.comparing((Lease lease) -> lease.job().spec().priority())
          .thenComparing(lease -> lease.job().runAt())
          .thenComparingLong(lease -> lease.job().id());
}
