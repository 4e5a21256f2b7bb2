package io.neuralbridge.schedule;

/** What becomes of a planned time when the entry's previous job is not final yet. */
public enum OverlapPolicy {
  /** It gets its job, which may run beside the previous one. The default. */
  ALLOW,
  /**
   * It gets no job. A previous job that waits, or waits for its next attempt, counts as well as one
   * that runs.
   */
  SKIP
}
