package io.neuralbridge.jdbc;

import io.neuralbridge.knowledge.Document;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Documents, their runs and their locks. */
final class DocumentStatements {

  private static final String NEXT_RUN = "SELECT nextval('nb_run')";

  private static final String RESTART =
      """
      UPDATE nb_document SET run = :run WHERE name = :name
      """;

  private static final String CREATE =
      """
      INSERT INTO nb_document (name, run) VALUES (:name, :run)
      """;

  // Whoever adds, moves or removes chunks has the document's row first.
  private static final String LOCK_ROW =
      """
      SELECT run, completed_run FROM nb_document WHERE name = :name FOR UPDATE
      """;

  private static final String COMPLETE_RUN =
      """
      UPDATE nb_document
      SET completed_run = :run, fingerprint = :fingerprint, chunks = :chunks,
          ingested_at = <now>, embedded_at = NULL
      WHERE name = :name AND run = :run
      """;

  private static final String FIND =
      """
      SELECT name, completed_run, fingerprint, chunks, ingested_at, embedded_at
      FROM nb_document
      WHERE name = :name AND completed_run IS NOT NULL
      """;

  private static final String LIST =
      """
      SELECT name, completed_run, fingerprint, chunks, ingested_at, embedded_at
      FROM nb_document
      WHERE name > :after AND completed_run IS NOT NULL
      ORDER BY name
      LIMIT :limit
      """;

  private static final String DISCARD =
      """
      UPDATE nb_document
      SET run = :run, completed_run = :run, fingerprint = '', chunks = 0,
          ingested_at = <now>, embedded_at = NULL
      WHERE name = :name
      """;

  private static final String DELETE =
      """
      DELETE FROM nb_document
      WHERE name = :name AND run = :run
        AND NOT EXISTS (SELECT 1 FROM nb_chunk c WHERE c.document = :name)
      """;

  private static final String MARK_EMBEDDED =
      """
      UPDATE nb_document SET embedded_at = <now> WHERE name = :name AND completed_run = :run
      """;

  private static final String LOCK =
      """
      UPDATE nb_document SET locked_by = :job
      WHERE name = :name AND (locked_by IS NULL OR locked_by = :insteadOf)
      """;

  private static final String HOLDER =
      """
      SELECT locked_by FROM nb_document WHERE name = :name
      """;

  private static final String UNLOCK =
      """
      UPDATE nb_document SET locked_by = NULL WHERE name = :name AND locked_by = :job
      """;

  private DocumentStatements() {}

  static long beginRun(Session session, String name) {
    long run = session.query(NEXT_RUN).mapTo(Long.class).one();
    int known = session.update(RESTART).bind("name", name).bind("run", run).execute();
    if (known == 0) {
      session.update(CREATE).bind("name", name).bind("run", run).execute();
    }
    return run;
  }

  static boolean lockRun(Session session, String name, long run) {
    return lockRow(session, name).filter(runs -> runs.latest() == run).isPresent();
  }

  static boolean lockContent(Session session, String name, long run) {
    return lockRow(session, name).filter(runs -> runs.completed() == run).isPresent();
  }

  /** A document's runs; 0 where none is complete. */
  record Runs(long latest, long completed) {}

  static Optional<Runs> lockRow(Session session, String name) {
    return session
        .query(LOCK_ROW)
        .bind("name", name)
        .map((row, context) -> new Runs(row.getLong("run"), row.getLong("completed_run")))
        .findOne();
  }

  static boolean completeRun(
      Session session, String name, long run, String fingerprint, int chunks) {
    return session
            .update(COMPLETE_RUN)
            .bind("name", name)
            .bind("run", run)
            .bind("fingerprint", fingerprint)
            .bind("chunks", chunks)
            .execute()
        > 0;
  }

  static Optional<Document> find(Session session, String name) {
    return session.query(FIND).bind("name", name).map((row, context) -> document(row)).findOne();
  }

  static List<Document> list(Session session, String after, int limit) {
    return session
        .query(LIST)
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> document(row))
        .list();
  }

  static OptionalLong discard(Session session, String name) {
    long run = session.query(NEXT_RUN).mapTo(Long.class).one();
    int known = session.update(DISCARD).bind("name", name).bind("run", run).execute();
    return known == 0 ? OptionalLong.empty() : OptionalLong.of(run);
  }

  static int delete(Session session, String name, long run) {
    return session.update(DELETE).bind("name", name).bind("run", run).execute();
  }

  static int markEmbedded(Session session, String name, long run) {
    return session.update(MARK_EMBEDDED).bind("name", name).bind("run", run).execute();
  }

  static long lock(Session session, String name, long job, long insteadOf) {
    session.update(LOCK).bind("name", name).bind("job", job).bind("insteadOf", insteadOf).execute();
    return session.query(HOLDER).bind("name", name).mapTo(Long.class).findOne().orElse(job);
  }

  static int unlock(Session session, String name, long job) {
    return session.update(UNLOCK).bind("name", name).bind("job", job).execute();
  }

  private static Document document(ResultSet row) throws SQLException {
    return new Document(
        row.getString("name"),
        row.getLong("completed_run"),
        row.getString("fingerprint"),
        row.getInt("chunks"),
        JobRows.instant(row, "ingested_at"),
        JobRows.instantOrNull(row, "embedded_at"));
  }
}
