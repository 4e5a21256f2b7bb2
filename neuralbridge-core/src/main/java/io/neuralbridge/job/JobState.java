package io.neuralbridge.job;

/**
 * Where a job stands. {@code docs/architecture.md} has the diagram.
 *
 * <p>{@link #AVAILABLE}, {@link #SCHEDULED} and {@link #RETRYABLE} are one stored state, told apart
 * by due time and attempts: nothing has to promote a job whose time has come.
 */
public enum JobState {
  /** Due now and waiting for a free slot. A node's producer moves it to {@link #EXECUTING}. */
  AVAILABLE,
  /** Due later, and not tried yet. Time makes it {@link #AVAILABLE}. */
  SCHEDULED,
  /** Due later, after an attempt that failed. Time makes it {@link #AVAILABLE}. */
  RETRYABLE,
  /**
   * Waits for other jobs, whatever its due time. When they are done the stager makes it {@link
   * #AVAILABLE}, or {@link #SCHEDULED} if it is due later; if one of them failed it may make it
   * {@link #CANCELLED}.
   */
  SUSPENDED,
  /**
   * Leased by a node that runs it. Its outcome moves it on; if the node dies, the rescuer makes it
   * {@link #AVAILABLE} again.
   */
  EXECUTING,
  /** Succeeded. Final; the pruner deletes it after its retention. */
  COMPLETED,
  /**
   * Given up on request, by a user or by its worker. Final; the pruner deletes it after its
   * retention.
   */
  CANCELLED,
  /**
   * Failed for the last time, or quarantined because it kept killing its process. Final until a
   * user retries it; the pruner deletes it after its retention.
   */
  DISCARDED;

  /** Whether a node's claim moves the job on, now or when it is due. */
  public boolean isWaiting() {
    return this == AVAILABLE || this == SCHEDULED || this == RETRYABLE;
  }

  /** Whether only a user's retry can move the job on. */
  public boolean isFinal() {
    return this == COMPLETED || this == CANCELLED || this == DISCARDED;
  }
}
