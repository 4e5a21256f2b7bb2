package io.neuralbridge.job;

/** What a callback waits for. */
public enum FlowEvent {
  /** All jobs of the flow have completed. */
  COMPLETED,
  /** A job of the flow was cancelled or discarded, the first one; the others may still run. */
  FAILED,
  /** All jobs of the flow are final, however they ended. */
  FINISHED
}
