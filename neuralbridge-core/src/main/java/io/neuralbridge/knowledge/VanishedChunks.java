package io.neuralbridge.knowledge;

import io.neuralbridge.vector.VectorStore;
import java.util.List;

/**
 * Removes the chunks that a document's content no longer has: first their vectors, of every
 * generation.
 */
final class VanishedChunks {

  private static final int REMOVED_AT_ONCE = 500;

  private final KnowledgeStore store;
  private final VectorStore vectors;

  VanishedChunks(KnowledgeBase knowledge) {
    this.store = knowledge.store();
    this.vectors = knowledge.vectors();
  }

  /** Returns how many; stops where {@code run} is no longer the document's content. */
  int remove(String document, long run) {
    int removed = 0;
    List<String> vanished = store.giveUpVanished(document, run, REMOVED_AT_ONCE);
    while (!vanished.isEmpty()) {
      for (Generation generation : store.generations().all()) {
        vectors.delete(generation.collection(), vanished);
      }
      store.removeVanished(document, vanished);
      removed += vanished.size();
      vanished = store.giveUpVanished(document, run, REMOVED_AT_ONCE);
    }
    return removed;
  }
}
