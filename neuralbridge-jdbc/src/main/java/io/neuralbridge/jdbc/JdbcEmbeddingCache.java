package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.CachedEmbedding;
import io.neuralbridge.embedding.EmbeddingCache;
import io.neuralbridge.embedding.EmbeddingCachePruning;
import io.neuralbridge.embedding.EmbeddingKey;
import java.util.Collection;
import java.util.Map;

/** Vectors that were paid for, in a database. */
final class JdbcEmbeddingCache implements EmbeddingCache {

  private final Database database;

  JdbcEmbeddingCache(Database database) {
    this.database = database;
  }

  @Override
  public Map<EmbeddingKey, CachedEmbedding> get(Collection<EmbeddingKey> keys) {
    if (keys.isEmpty()) {
      return Map.of();
    }
    EmbeddingCacheStatements.Found found =
        database.runRepeatable(session -> EmbeddingCacheStatements.get(session, keys));
    if (!found.stale().isEmpty()) {
      database.runDeferred(session -> EmbeddingCacheStatements.touch(session, found.stale()));
    }
    return found.entries();
  }

  @Override
  public void put(String modelId, Map<EmbeddingKey, CachedEmbedding> entries) {
    if (!entries.isEmpty()) {
      database.run(session -> EmbeddingCacheStatements.put(session, modelId, entries));
    }
  }

  @Override
  public int prune(EmbeddingCachePruning pruning, int limit) {
    return database.runDeferred(session -> EmbeddingCacheStatements.prune(session, pruning, limit));
  }

  @Override
  public long count(String modelId) {
    return database.runRepeatable(session -> EmbeddingCacheStatements.count(session, modelId));
  }
}
