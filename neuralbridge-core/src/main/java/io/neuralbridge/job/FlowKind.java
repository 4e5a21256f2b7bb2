package io.neuralbridge.job;

/** What a flow is. */
public enum FlowKind {
  /** Named jobs that need each other. A finished one takes more jobs, and goes on. */
  WORKFLOW,
  /** Any number of jobs, and callbacks that run when they have ended. Its end is final. */
  BATCH
}
