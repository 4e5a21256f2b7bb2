package io.neuralbridge.embedding;

import java.time.Duration;

/** Whether a provider takes a call now. */
sealed interface Admission {

  /**
   * It does; the place is the caller's.
   *
   * @param delay how long until the call may be sent
   * @param probe whether it finds out if the provider answers again
   */
  record Go(Duration delay, boolean probe) implements Admission {}

  /** When another call has ended. */
  record Busy() implements Admission {}

  /** In a moment. */
  record Later(Duration delay) implements Admission {}

  /** Not for longer than texts should wait here. */
  record Refused(EmbeddingException why) implements Admission {}
}
