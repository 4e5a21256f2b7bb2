package io.neuralbridge.job;

/** What becomes of a waiting job when one that it needs is cancelled or discarded. */
public enum FailurePolicy {
  /**
   * It is cancelled too, with the error {@code dependency_failed}; so are those that need it, by
   * their own policies.
   */
  CANCEL,
  /** It no longer waits for that one, as if it had completed. */
  IGNORE,
  /**
   * It goes on waiting: until the other is retried and completes, or until somebody retries the
   * waiting job itself.
   */
  HOLD
}
