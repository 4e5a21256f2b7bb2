package io.neuralbridge.embedding;

import java.time.InstantSource;

class InMemoryEmbeddingCacheTest extends EmbeddingCacheContract {

  @Override
  protected EmbeddingCache newCache(InstantSource clock) {
    return EmbeddingCache.inMemory(clock);
  }
}
