package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An {@link EmbeddingCache} for tests. */
final class InMemoryEmbeddingCache implements EmbeddingCache {

  private record Row(String modelId, CachedEmbedding entry, Instant createdAt, Instant usedAt) {}

  private final InstantSource clock;
  private final Map<EmbeddingKey, Row> rows = new HashMap<>();

  InMemoryEmbeddingCache(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized Map<EmbeddingKey, CachedEmbedding> get(Collection<EmbeddingKey> keys) {
    Map<EmbeddingKey, CachedEmbedding> found = new HashMap<>();
    for (EmbeddingKey key : keys) {
      Row row =
          rows.computeIfPresent(
              key, (k, r) -> new Row(r.modelId(), r.entry(), r.createdAt(), clock.instant()));
      if (row != null) {
        found.put(key, row.entry().copy());
      }
    }
    return found;
  }

  @Override
  public synchronized void put(String modelId, Map<EmbeddingKey, CachedEmbedding> entries) {
    Instant now = clock.instant();
    entries.forEach(
        (key, entry) -> rows.putIfAbsent(key, new Row(modelId, entry.copy(), now, now)));
  }

  @Override
  public synchronized int prune(EmbeddingCachePruning pruning, int limit) {
    List<EmbeddingKey> useless =
        rows.entrySet().stream()
            .filter(row -> meets(row.getValue(), pruning))
            .sorted(Comparator.comparing(row -> row.getValue().usedAt()))
            .limit(limit)
            .map(Map.Entry::getKey)
            .toList();
    new ArrayList<>(useless).forEach(rows::remove);
    return useless.size();
  }

  private boolean meets(Row row, EmbeddingCachePruning pruning) {
    String modelId = pruning.modelId();
    return (modelId == null || modelId.equals(row.modelId()))
        && isOlder(row.createdAt(), pruning.olderThan())
        && isOlder(row.usedAt(), pruning.unusedFor());
  }

  private boolean isOlder(Instant at, @Nullable Duration than) {
    return than == null || at.isBefore(clock.instant().minus(than));
  }

  @Override
  public synchronized long count(String modelId) {
    return rows.values().stream().filter(row -> row.modelId().equals(modelId)).count();
  }
}
