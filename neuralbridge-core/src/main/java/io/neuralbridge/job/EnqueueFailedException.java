package io.neuralbridge.job;

/**
 * A stream of requests that failed on its way into the store. The batches before it are stored and
 * stay so, except in a caller's transaction, which the caller ends; of the one that failed nothing
 * is, unless the store was lost in the very moment of its commit.
 */
public class EnqueueFailedException extends JobException {

  private final Enqueued enqueued;

  public EnqueueFailedException(Enqueued enqueued, Throwable cause) {
    super(
        "enqueue_failed",
        "enqueueing failed after %,d requests, of which %,d jobs were stored and %,d existed; go on with the request after these: %s"
            .formatted(enqueued.requests(), enqueued.stored(), enqueued.existing(), cause),
        cause);
    this.enqueued = enqueued;
  }

  /** What was done before it failed; skip as many requests to go on from there. */
  public Enqueued enqueued() {
    return enqueued;
  }
}
