package io.neuralbridge.embedding;

import java.util.Locale;

/** Where a batch of {@link BatchEmbeddingClient} stands, in the provider's words. */
public enum BatchState {
  /** The provider checks the file. */
  VALIDATING,
  /** The file was refused: {@link EmbeddingBatch#failure()} says why; nothing was embedded. */
  FAILED,
  IN_PROGRESS,
  /** All is embedded, the results are being written. */
  FINALIZING,
  /** The results are there. Single texts may have failed. */
  COMPLETED,
  /** The time was over; the results of what was embedded by then are there. */
  EXPIRED,
  /** Somebody cancelled it, what is under way ends. */
  CANCELLING,
  /** Somebody cancelled it; the results of what was embedded by then are there. */
  CANCELLED,
  /** A state that the provider did not have when this was written. */
  UNKNOWN;

  /** Whether it changes no more. */
  public boolean isFinal() {
    return this == FAILED || this == COMPLETED || this == EXPIRED || this == CANCELLED;
  }

  static BatchState of(String status) {
    for (BatchState state : values()) {
      if (state.name().equals(status.toUpperCase(Locale.ROOT))) {
        return state;
      }
    }
    return UNKNOWN;
  }
}
