package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.CachedEmbedding;
import io.neuralbridge.embedding.EmbeddingCachePruning;
import io.neuralbridge.embedding.EmbeddingKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** Vectors that were paid for. */
final class EmbeddingCacheStatements {

  /** A use is noted once a day, not with each reading. */
  private static final long NOTED_MICROS = TimeUnit.DAYS.toMicros(1);

  private static final String GET =
      """
      SELECT hash, vector, tokens, used_at < <later> AS stale
      FROM nb_embedding_cache
      WHERE hash = ANY(cast(:hashes AS <bytes> array))
      """;

  private static final String TOUCH =
      """
      UPDATE nb_embedding_cache SET used_at = <now>
      WHERE hash = ANY(cast(:hashes AS <bytes> array))
      """;

  // In the order of the hashes, so that two who add the same do not wait for each other in a
  // circle.
  private static final String PUT =
      """
      INSERT INTO nb_embedding_cache (hash, model_id, vector, tokens, created_at, used_at)
      SELECT w.hash, :model, w.vector, w.tokens, <now>, <now>
      FROM unnest(
             cast(:hashes AS <bytes> array), cast(:vectors AS <bytes> array),
             cast(:tokens AS integer array))
           AS w(hash, vector, tokens)
      WHERE NOT EXISTS (SELECT 1 FROM nb_embedding_cache c WHERE c.hash = w.hash)
      <or_nothing>
      """;

  private static final String PRUNE =
      """
      DELETE FROM nb_embedding_cache
      WHERE hash IN (SELECT hash FROM nb_embedding_cache WHERE %s LIMIT :limit)
      """;

  private static final String BEFORE = "<now> - cast(:%s AS bigint) * interval '1' second";

  private static final String COUNT =
      """
      SELECT count(*) FROM nb_embedding_cache WHERE model_id = :model
      """;

  private EmbeddingCacheStatements() {}

  /**
   * What was there.
   *
   * @param stale those whose use has not been noted for a day
   */
  record Found(Map<EmbeddingKey, CachedEmbedding> entries, List<byte[]> stale) {}

  static Found get(Session session, Collection<EmbeddingKey> keys) {
    Found found = new Found(new HashMap<>(), new ArrayList<>());
    session
        .query(GET)
        .bind("delay", -NOTED_MICROS)
        .bind("hashes", bytes(hashes(keys)))
        .map(
            (row, context) -> {
              byte[] hash = row.getBytes("hash");
              if (row.getBoolean("stale")) {
                found.stale().add(hash);
              }
              float[] vector = VectorStatements.floats(row.getBytes("vector"));
              return Map.entry(
                  EmbeddingKey.of(hash), new CachedEmbedding(vector, row.getInt("tokens")));
            })
        .forEach(entry -> found.entries().put(entry.getKey(), entry.getValue()));
    return found;
  }

  static int touch(Session session, List<byte[]> hashes) {
    return session.update(TOUCH).bind("hashes", bytes(hashes)).execute();
  }

  static int put(Session session, String modelId, Map<EmbeddingKey, CachedEmbedding> entries) {
    List<EmbeddingKey> keys = new ArrayList<>(entries.keySet());
    keys.sort(
        Comparator.comparingLong(EmbeddingKey::first).thenComparingLong(EmbeddingKey::second));
    List<byte[]> vectors = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    for (EmbeddingKey key : keys) {
      CachedEmbedding entry = entries.get(key);
      if (entry != null) {
        vectors.add(VectorStatements.bytes(entry.vector()));
        tokens.add(entry.tokens());
      }
    }
    return session
        .update(PUT)
        .bind("model", modelId)
        .bind("hashes", bytes(hashes(keys)))
        .bind("vectors", bytes(vectors))
        .bindArray("tokens", Integer.class, tokens)
        .execute();
  }

  private static List<byte[]> hashes(Collection<EmbeddingKey> keys) {
    return keys.stream().map(EmbeddingKey::bytes).toList();
  }

  // The driver of PostgreSQL takes no byte[] in an Object[], which is what Jdbi makes of lists.
  private static Argument bytes(List<byte[]> values) {
    return (position, statement, context) ->
        statement.setArray(
            position,
            statement.getConnection().createArrayOf("bytea", values.toArray(new byte[0][])));
  }

  // Only what is asked for is in the statement, so that its index is used.
  static int prune(Session session, EmbeddingCachePruning pruning, int limit) {
    List<String> conditions = new ArrayList<>(List.of("1 = 1"));
    if (pruning.modelId() != null) {
      conditions.add("model_id = :model");
    }
    if (pruning.olderThan() != null) {
      conditions.add("created_at < " + BEFORE.formatted("age"));
    }
    if (pruning.unusedFor() != null) {
      conditions.add("used_at < " + BEFORE.formatted("unused"));
    }
    return session
        .update(PRUNE.formatted(String.join(" AND ", conditions)))
        .bind("model", pruning.modelId())
        .bind("age", seconds(pruning.olderThan()))
        .bind("unused", seconds(pruning.unusedFor()))
        .bind("limit", limit)
        .execute();
  }

  private static long seconds(@Nullable Duration duration) {
    return duration == null ? 0 : duration.toSeconds();
  }

  static long count(Session session, String modelId) {
    return session.query(COUNT).bind("model", modelId).mapTo(Long.class).one();
  }
}
