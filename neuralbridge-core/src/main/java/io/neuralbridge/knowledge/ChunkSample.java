package io.neuralbridge.knowledge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Chunks of many documents that two generations have in common. */
final class ChunkSample {

  private static final int DOCUMENTS = 1_000;
  private static final int CHUNKS_OF_EACH = 100;

  private final KnowledgeStore store;

  ChunkSample(KnowledgeStore store) {
    this.store = store;
  }

  List<Chunk> of(Generation one, Generation other, int most) {
    // The same at each attempt, so that the same is judged.
    Random random = new Random(other.id());
    List<String> names =
        new ArrayList<>(store.documents("", DOCUMENTS).stream().map(Document::name).toList());
    Collections.shuffle(names, random);
    List<Chunk> chunks = new ArrayList<>();
    for (String name : names) {
      if (chunks.size() == most) {
        break;
      }
      common(one, other, name, random).ifPresent(chunks::add);
    }
    return chunks;
  }

  private Optional<Chunk> common(Generation one, Generation other, String name, Random random) {
    List<String> ids =
        new ArrayList<>(
            store.ledger().entries(one, name, null, CHUNKS_OF_EACH).stream()
                .map(LedgerEntry::chunkId)
                .toList());
    Set<String> both = store.ledger().embedded(one.id(), ids);
    both.retainAll(store.ledger().embedded(other.id(), ids));
    ids.retainAll(both);
    return ids.isEmpty() ? Optional.empty() : store.chunk(ids.get(random.nextInt(ids.size())));
  }
}
