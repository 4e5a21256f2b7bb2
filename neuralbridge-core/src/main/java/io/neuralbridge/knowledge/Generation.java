package io.neuralbridge.knowledge;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All vectors of one model: a collection of the vector store and its part of the ledger. Searches
 * use the active generation and no other; {@link EmbedJob#enqueueReprocessAll} builds another
 * beside it.
 *
 * @param id grows with each generation and is never given again
 * @param modelId the model whose vectors it holds
 * @param dimensions how long they are
 * @param collection where the vector store keeps them
 * @param paused whether its building stands still
 * @param activatedAt when searches last began to use it; null before
 * @param retiredAt when they stopped, or its building was cancelled; null while it is of use
 * @param error why it could not become active when that was last tried; null if it was not, or
 *     nothing was wrong
 */
public record Generation(
    long id,
    String modelId,
    int dimensions,
    String collection,
    State state,
    boolean paused,
    Instant createdAt,
    @Nullable Instant activatedAt,
    @Nullable Instant retiredAt,
    @Nullable String error) {

  /** What a generation is for; one at most is building, and one at most is active. */
  public enum State {
    /** Searches do not use it yet. New documents are embedded into it, and into the active one. */
    BUILDING,
    /** Searches use it. */
    ACTIVE,
    /** Nothing is added to it; kept for a while, to go back to. */
    RETIRED
  }

  /** No generation has this id. */
  static final long NONE = 0;

  /** The collection of a generation: a name that every vector store takes. */
  public static String collectionOf(long id) {
    return "knowledge_" + id;
  }

  /** Whether chunks are embedded into it. */
  public boolean isLive() {
    return state != State.RETIRED;
  }
}
