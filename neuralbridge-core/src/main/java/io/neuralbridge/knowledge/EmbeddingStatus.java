package io.neuralbridge.knowledge;

/** How far the embedding of a chunk into a generation is. */
public enum EmbeddingStatus {
  /** Nobody has tried yet. */
  WAITING,
  /** It is under way, or was when its process died; it is tried again. */
  IN_PROGRESS,
  /** Its vector is stored. */
  EMBEDDED,
  /** The last attempt failed. */
  FAILED
}
