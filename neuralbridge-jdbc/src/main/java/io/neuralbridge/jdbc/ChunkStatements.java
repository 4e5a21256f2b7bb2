package io.neuralbridge.jdbc;

import io.neuralbridge.knowledge.Chunk;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Chunks and what they say. */
final class ChunkStatements {

  static final String COLUMNS = "c.id, c.document, c.position, t.heading, t.body, t.metadata";

  private static final String KNOWN =
      """
      SELECT id FROM nb_chunk WHERE id = ANY(:ids)
      """;

  private static final String INSERT =
      """
      INSERT INTO nb_chunk (id, document, position, run, content_hash)
      VALUES (:id, :document, :position, :run, :hash)
      """;

  private static final String INSERT_TEXT =
      """
      INSERT INTO nb_chunk_text (chunk_id, heading, body, metadata)
      VALUES (:id, :heading, :body, :metadata)
      """;

  private static final String MOVE =
      """
      UPDATE nb_chunk SET position = :position, run = :run WHERE id = :id
      """;

  private static final String FIND =
      """
      SELECT %s
      FROM nb_chunk c JOIN nb_chunk_text t ON t.chunk_id = c.id
      WHERE c.id = ANY(:ids)
      """
          .formatted(COLUMNS);

  private static final String VANISHED =
      """
      SELECT c.id
      FROM nb_chunk c JOIN nb_document d ON d.name = c.document
      WHERE c.document = :document AND c.run < d.completed_run
      ORDER BY c.id
      LIMIT :limit
      """;

  private static final String STILL_VANISHED =
      """
      SELECT id FROM nb_chunk
      WHERE id = ANY(:ids) AND document = :document
        AND run < (SELECT d.completed_run FROM nb_document d WHERE d.name = :document)
      """;

  private static final String DELETE =
      """
      DELETE FROM nb_chunk WHERE id = ANY(:ids)
      """;

  private static final String DELETE_TEXTS =
      """
      DELETE FROM nb_chunk_text WHERE chunk_id = ANY(:ids)
      """;

  private static final String DELETE_ENTRIES =
      """
      DELETE FROM nb_embedding WHERE chunk_id = ANY(:ids)
      """;

  private ChunkStatements() {}

  /** Inserts the chunks that are new and moves the others; returns how many are new. */
  static int save(Session session, long run, List<Chunk> chunks) {
    Set<String> known = known(session, chunks.stream().map(Chunk::id).toList());
    List<Chunk> fresh = chunks.stream().filter(chunk -> !known.contains(chunk.id())).toList();
    List<Chunk> moved = chunks.stream().filter(chunk -> known.contains(chunk.id())).toList();
    insert(session, run, fresh);
    move(session, run, moved);
    return fresh.size();
  }

  private static Set<String> known(Session session, Collection<String> ids) {
    return new HashSet<>(
        session.query(KNOWN).bindArray("ids", String.class, ids).mapTo(String.class).list());
  }

  private static void insert(Session session, long run, List<Chunk> chunks) {
    if (chunks.isEmpty()) {
      return;
    }
    PreparedBatch rows = session.batch(INSERT);
    PreparedBatch texts = session.batch(INSERT_TEXT);
    for (Chunk chunk : chunks) {
      rows.bind("id", chunk.id())
          .bind("document", chunk.document())
          .bind("position", chunk.position())
          .bind("run", run)
          .bind("hash", chunk.contentHash())
          .add();
      texts
          .bind("id", chunk.id())
          .bind("heading", chunk.heading())
          .bind("body", chunk.text())
          .bind("metadata", SqlText.meta(chunk.metadata()))
          .add();
    }
    rows.execute();
    texts.execute();
  }

  private static void move(Session session, long run, List<Chunk> chunks) {
    if (chunks.isEmpty()) {
      return;
    }
    PreparedBatch batch = session.batch(MOVE);
    for (Chunk chunk : chunks) {
      batch.bind("id", chunk.id()).bind("position", chunk.position()).bind("run", run).add();
    }
    batch.execute();
  }

  static List<Chunk> find(Session session, Collection<String> ids) {
    return session
        .query(FIND)
        .bindArray("ids", String.class, ids)
        .map((row, context) -> chunk(row))
        .list();
  }

  static List<String> vanished(Session session, String document, int limit) {
    return session
        .query(VANISHED)
        .bind("document", document)
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  /** For those who have locked the document. */
  static List<String> giveUpVanished(Session session, String document, int limit) {
    List<String> ids = vanished(session, document, limit);
    if (!ids.isEmpty()) {
      session.update(DELETE_ENTRIES).bindArray("ids", String.class, ids).execute();
    }
    return ids;
  }

  /** For those who have locked the document. */
  static int deleteVanished(Session session, String document, Collection<String> ids) {
    List<String> vanished =
        session
            .query(STILL_VANISHED)
            .bind("document", document)
            .bindArray("ids", String.class, ids)
            .mapTo(String.class)
            .list();
    return vanished.isEmpty() ? 0 : delete(session, vanished);
  }

  private static int delete(Session session, List<String> ids) {
    session.update(DELETE_ENTRIES).bindArray("ids", String.class, ids).execute();
    session.update(DELETE_TEXTS).bindArray("ids", String.class, ids).execute();
    return session.update(DELETE).bindArray("ids", String.class, ids).execute();
  }

  static Chunk chunk(ResultSet row) throws SQLException {
    return new Chunk(
        row.getString("id"),
        row.getString("document"),
        row.getInt("position"),
        row.getString("heading"),
        row.getString("body"),
        SqlText.meta(row.getString("metadata")));
  }
}
