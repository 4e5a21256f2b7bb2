package io.neuralbridge.embedding;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;

/**
 * Vectors that were paid for, by what they depend on. This is an SPI: an {@link EmbeddingPipeline}
 * looks here before it calls its model, and writes here what the model returned.
 *
 * <p>An entry never becomes wrong, only useless, so losing entries costs calls and nothing else.
 * Implementations are safe for use by many threads and processes at once.
 */
public interface EmbeddingCache {

  /**
   * The entries that are there, in any order. Reading an entry notes that it is of use, to the day.
   *
   * @param keys any number
   */
  Map<EmbeddingKey, CachedEmbedding> get(Collection<EmbeddingKey> keys);

  /**
   * Adds entries. One that is there already stays as it is.
   *
   * @param modelId the model of all of them, so that they can be {@linkplain #prune pruned} by it
   */
  void put(String modelId, Map<EmbeddingKey, CachedEmbedding> entries);

  /**
   * Removes entries, the least recently used first. Call it again until it returns less than {@code
   * limit}: each call is short.
   *
   * @param limit how many at most, at least 1
   * @return how many were removed
   */
  int prune(EmbeddingCachePruning pruning, int limit);

  /** How many entries a model has. May read all of them. */
  long count(String modelId);

  /** A cache in this process's memory that never forgets by itself; for tests. */
  static EmbeddingCache inMemory(InstantSource clock) {
    return new InMemoryEmbeddingCache(clock);
  }
}
