package io.neuralbridge.embedding;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import org.jspecify.annotations.Nullable;

/** The first tier: the hottest vectors, within a number of bytes. Vectors are copied out and in. */
final class HeapCache {

  /** The key, the entry, two headers and the map's node, about. */
  private static final int OVERHEAD_BYTES = 200;

  private final Cache<EmbeddingKey, CachedEmbedding> entries;

  HeapCache(long maxBytes) {
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((EmbeddingKey key, CachedEmbedding entry) -> weight(entry))
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  private static int weight(CachedEmbedding entry) {
    return entry.vector().length * Float.BYTES + OVERHEAD_BYTES;
  }

  @Nullable CachedEmbedding get(EmbeddingKey key) {
    CachedEmbedding entry = entries.getIfPresent(key);
    return entry == null ? null : entry.copy();
  }

  /** As {@link #get}, for a second look that no statistics should count. */
  @Nullable CachedEmbedding getQuietly(EmbeddingKey key) {
    CachedEmbedding entry = entries.policy().getIfPresentQuietly(key);
    return entry == null ? null : entry.copy();
  }

  void put(EmbeddingKey key, CachedEmbedding entry) {
    entries.put(key, entry.copy());
  }

  CacheStats stats() {
    return entries.stats();
  }

  long weight() {
    return entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}
