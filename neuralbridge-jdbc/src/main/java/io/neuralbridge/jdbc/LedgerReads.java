package io.neuralbridge.jdbc;

import io.neuralbridge.knowledge.Chunk;
import io.neuralbridge.knowledge.EmbeddingLedger.Marks;
import io.neuralbridge.knowledge.EmbeddingStatus;
import io.neuralbridge.knowledge.Generation;
import io.neuralbridge.knowledge.KnowledgeStats;
import io.neuralbridge.knowledge.LedgerEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the ledger knows. */
final class LedgerReads {

  private static final String PENDING =
      """
      SELECT %s
      FROM nb_chunk c
      JOIN nb_chunk_text t ON t.chunk_id = c.id
      LEFT JOIN nb_embedding e ON e.chunk_id = c.id AND e.generation = :generation
      WHERE c.document = :document AND c.position > :after
        AND c.run >= (SELECT d.completed_run FROM nb_document d WHERE d.name = :document)
        AND (e.status IS NULL OR e.status <> 'embedded')
      ORDER BY c.position, c.id
      LIMIT :limit
      """
          .formatted(ChunkStatements.COLUMNS);

  // Not EXISTS: PostgreSQL would read all chunks to find the documents of a few.
  private static final String PENDING_DOCUMENTS =
      """
      SELECT d.name
      FROM nb_document d
      WHERE d.name > :after AND (cast(:to AS varchar) IS NULL OR d.name <= cast(:to AS varchar)) AND d.completed_run IS NOT NULL
        AND (
          SELECT c.id
          FROM nb_chunk c
          LEFT JOIN nb_embedding e ON e.chunk_id = c.id AND e.generation = :generation
          WHERE c.document = d.name AND c.run >= d.completed_run
            AND (e.status IS NULL OR e.status <> 'embedded')
          LIMIT 1) IS NOT NULL
      ORDER BY d.name
      LIMIT :limit
      """;

  private static final String EMBEDDED =
      """
      SELECT chunk_id FROM nb_embedding
      WHERE chunk_id = ANY(:ids) AND generation = :generation AND status = 'embedded'
      """;

  private static final String ENTRIES =
      """
      SELECT c.id, c.document, c.position, c.content_hash, e.status, e.tokens, e.attempts, e.error,
             e.embedded_at
      FROM nb_chunk c
      LEFT JOIN nb_embedding e ON e.chunk_id = c.id AND e.generation = :generation
      WHERE c.document = :document AND c.position >= :position
        AND c.run >= (SELECT d.completed_run FROM nb_document d WHERE d.name = :document)
        AND (c.position > :position OR c.id > :id)
      ORDER BY c.position, c.id
      LIMIT :limit
      """;

  private static final String STATS =
      """
      SELECT
        (SELECT count(*) FROM nb_document WHERE completed_run IS NOT NULL) AS documents,
        count(*) AS chunks,
        count(CASE WHEN e.status = 'embedded' THEN 1 END) AS embedded,
        count(CASE WHEN e.status = 'failed' THEN 1 END) AS failed,
        coalesce(sum(e.tokens), 0) AS tokens
      FROM nb_chunk c
      JOIN nb_document d ON d.name = c.document
      LEFT JOIN nb_embedding e ON e.chunk_id = c.id AND e.generation = :generation
      WHERE c.run >= d.completed_run
      """;

  private static final String LACKING =
      """
      SELECT count(*)
      FROM nb_chunk c
      JOIN nb_document d ON d.name = c.document
      JOIN nb_embedding o
        ON o.chunk_id = c.id AND o.generation = :than AND o.status = 'embedded'
      LEFT JOIN nb_embedding e ON e.chunk_id = c.id AND e.generation = :generation
      WHERE c.run >= d.completed_run AND (e.status IS NULL OR e.status <> 'embedded')
      """;

  private static final String EMBEDDED_WITHIN =
      """
      SELECT count(*) FROM nb_embedding
      WHERE generation = :generation AND embedded_at > <later>
      """;

  private static final String MARKS =
      """
      SELECT count(CASE WHEN status = 'embedded' THEN 1 END) AS embedded,
             count(CASE WHEN status = 'in_progress' THEN 1 END) AS begun
      FROM nb_embedding
      WHERE generation = :generation
      """;

  private LedgerReads() {}

  static List<Chunk> pending(
      Session session, long generation, String document, int after, int limit) {
    return session
        .query(PENDING)
        .bind("generation", generation)
        .bind("document", document)
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> ChunkStatements.chunk(row))
        .list();
  }

  static List<String> pendingDocuments(
      Session session, long generation, String after, @Nullable String to, int limit) {
    return session
        .query(PENDING_DOCUMENTS)
        .bind("generation", generation)
        .bind("after", after)
        .bind("to", to)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  static Set<String> embedded(Session session, long generation, Collection<String> ids) {
    return new HashSet<>(
        session
            .query(EMBEDDED)
            .bindArray("ids", String.class, ids)
            .bind("generation", generation)
            .mapTo(String.class)
            .list());
  }

  static List<LedgerEntry> entries(
      Session session,
      Generation generation,
      String document,
      @Nullable LedgerEntry after,
      int limit) {
    return session
        .query(ENTRIES)
        .bind("generation", generation.id())
        .bind("document", document)
        .bind("position", after == null ? -1 : after.position())
        .bind("id", after == null ? "" : after.chunkId())
        .bind("limit", limit)
        .map((row, context) -> entry(row, generation))
        .list();
  }

  static KnowledgeStats stats(Session session, long generation) {
    return session
        .query(STATS)
        .bind("generation", generation)
        .map(
            (row, context) ->
                new KnowledgeStats(
                    row.getLong("documents"),
                    row.getLong("chunks"),
                    row.getLong("embedded"),
                    row.getLong("failed"),
                    row.getLong("tokens")))
        .one();
  }

  static long lacking(Session session, long generation, long than) {
    return session
        .query(LACKING)
        .bind("generation", generation)
        .bind("than", than)
        .mapTo(Long.class)
        .one();
  }

  static long embeddedWithin(Session session, long generation, Duration period) {
    return session
        .query(EMBEDDED_WITHIN)
        .bind("generation", generation)
        .bind("delay", -SqlText.micros(period))
        .mapTo(Long.class)
        .one();
  }

  static Marks marks(Session session, long generation) {
    return session
        .query(MARKS)
        .bind("generation", generation)
        .map((row, context) -> new Marks(row.getLong("embedded"), row.getLong("begun")))
        .one();
  }

  private static LedgerEntry entry(ResultSet row, Generation generation) throws SQLException {
    return new LedgerEntry(
        row.getString("id"),
        row.getString("document"),
        row.getInt("position"),
        row.getString("content_hash"),
        generation.id(),
        generation.modelId(),
        status(row.getString("status")),
        row.getInt("tokens"),
        row.getInt("attempts"),
        row.getString("error"),
        JobRows.instantOrNull(row, "embedded_at"));
  }

  private static EmbeddingStatus status(@Nullable String status) {
    return status == null
        ? EmbeddingStatus.WAITING
        : EmbeddingStatus.valueOf(status.toUpperCase(Locale.ROOT));
  }
}
