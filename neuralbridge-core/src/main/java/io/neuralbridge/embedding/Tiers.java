package io.neuralbridge.embedding;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two tiers of the cache. The second one may fail: then vectors cost a call, and none is lost.
 * Safe for use by many threads.
 */
final class Tiers {

  private static final Logger log = LoggerFactory.getLogger(Tiers.class);

  private final String modelId;
  private final HeapCache first;
  private final @Nullable EmbeddingCache second;
  private final boolean secondForQueries;
  private final Tally tally;
  private volatile boolean failing;

  Tiers(
      String modelId,
      HeapCache first,
      @Nullable EmbeddingCache second,
      boolean secondForQueries,
      Tally tally) {
    this.modelId = modelId;
    this.first = first;
    this.second = second;
    this.secondForQueries = secondForQueries;
    this.tally = tally;
  }

  HeapCache first() {
    return first;
  }

  boolean usesSecond(InputType type) {
    return second != null && (type == InputType.DOCUMENT || secondForQueries);
  }

  /** What the second tier has; put into the first as well. */
  Map<EmbeddingKey, CachedEmbedding> look(Collection<EmbeddingKey> keys) {
    if (second == null) {
      return Map.of();
    }
    try {
      Map<EmbeddingKey, CachedEmbedding> found = second.get(keys);
      found.forEach(first::put);
      tally.secondTierHits.add(found.size());
      failing = false;
      return found;
    } catch (RuntimeException e) {
      warn("read", e);
      return Map.of();
    }
  }

  void put(InputType type, Map<EmbeddingKey, CachedEmbedding> entries) {
    entries.forEach(first::put);
    if (second == null || entries.isEmpty() || !usesSecond(type)) {
      return;
    }
    try {
      second.put(modelId, entries);
      failing = false;
    } catch (RuntimeException e) {
      warn("written", e);
    }
  }

  private void warn(String what, RuntimeException e) {
    if (!failing) {
      failing = true;
      log.warn("The cache of embeddings cannot be {}; the model is called instead", what, e);
    }
  }
}
