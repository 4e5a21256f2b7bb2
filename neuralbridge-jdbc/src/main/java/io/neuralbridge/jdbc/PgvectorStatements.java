package io.neuralbridge.jdbc;

import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;

/**
 * Collections on pgvector. The names of tables and indexes are made of numbers of ours; all that
 * comes from outside is bound.
 */
final class PgvectorStatements {

  // Some 8 MB a statement, in which a real takes eight bytes.
  private static final int NUMBERS_AT_ONCE = 1 << 20;

  private static final String FIND =
      """
      SELECT c.id, c.name, c.dimensions, c.own_table,
             EXISTS (
               SELECT 1 FROM pg_index i
               WHERE i.indexrelid = to_regclass('nb_pgvector_' || c.id || '_hnsw')
                 AND i.indisvalid) AS indexed
      """;

  private static final String FROM =
      """
      FROM nb_vector_collection c WHERE c.name = :name
      """;

  // For this transaction only. The scan of an index goes on where a filter has left too few of the
  // candidates. The planner would rather read the whole table: it does not know that long vectors
  // are stored beside it.
  private static final String SETTINGS =
      """
      SELECT f.*,
             set_config('hnsw.iterative_scan', 'strict_order', true),
             set_config('hnsw.ef_search', cast(:ef AS text), true),
             set_config('enable_seqscan',
                        CASE WHEN indexed THEN 'off' ELSE current_setting('enable_seqscan') END,
                        true)
      FROM (%s) AS f
      """;

  private static final String UNSET =
      """
      SET LOCAL enable_seqscan TO DEFAULT
      """;

  // Writers go side by side; whoever drops the collection waits for them.
  private static final String SHARED =
      """
      FOR KEY SHARE OF c
      """;

  private static final String ALONE =
      """
      FOR UPDATE OF c
      """;

  private static final String CREATE =
      """
      INSERT INTO nb_vector_collection (name, dimensions, revision, own_table)
      VALUES (:name, :dimensions, 0, true)
      """;

  static final String CREATE_TABLE =
      """
      CREATE TABLE <table> (
        id        text COLLATE "C" PRIMARY KEY,
        embedding vector(<dimensions>) NOT NULL,
        metadata  jsonb NOT NULL)
      """;

  // Sorted, so that two writers lock what they share in one order. What is there already is not
  // written again: each new version of a row is a new entry in the index.
  private static final String UPSERT =
      """
      INSERT INTO <table> AS t (id, embedding, metadata)
      SELECT r.id,
             cast((cast(:vectors AS real[]))
                    [(r.n - 1) * <dimensions> + 1 \\: r.n * <dimensions>] AS vector(<dimensions>)),
             cast(r.metadata AS jsonb)
      FROM unnest(cast(:ids AS text[]), cast(:metadata AS text[]))
             WITH ORDINALITY AS r(id, metadata, n)
      ORDER BY r.id COLLATE "C"
      ON CONFLICT (id) DO UPDATE
      SET embedding = excluded.embedding, metadata = excluded.metadata
      WHERE t.embedding IS DISTINCT FROM excluded.embedding
         OR t.metadata IS DISTINCT FROM excluded.metadata
      """;

  private static final String DELETE =
      """
      WITH doomed AS MATERIALIZED (
        SELECT id FROM <table> WHERE id = ANY(cast(:ids AS text[]))
        ORDER BY id
        FOR UPDATE)
      DELETE FROM <table> t USING doomed WHERE t.id = doomed.id
      """;

  // An index that is being built would hold the drop up for as long as that takes.
  private static final String CANCEL_BUILD =
      """
      SELECT pg_cancel_backend(pid) FROM pg_stat_progress_create_index
      WHERE datname = current_database() AND relid = to_regclass(:table)
      """;

  // LOCK waits without a snapshot; a DROP that waits for a CREATE INDEX CONCURRENTLY has one, for
  // which that waits in turn.
  private static final String LOCK_TABLE =
      """
      LOCK TABLE <table> IN ACCESS EXCLUSIVE MODE
      """;

  private static final String DROP_TABLE =
      """
      DROP TABLE <table>
      """;

  private static final String FORGET =
      """
      DELETE FROM nb_vector_collection WHERE id = :id
      """;

  private static final String COUNT =
      """
      SELECT count(*) FROM <table>
      """;

  // "+ 0" hides the order from the index, which only knows most of the nearest.
  static final String EXACT =
      """
      SELECT id, metadata, (embedding \\<#> <query>) + 0 AS distance
      FROM <table> WHERE <filter>
      ORDER BY distance, id
      LIMIT :k
      """;

  static final String INDEXED =
      """
      SELECT id, metadata, embedding \\<#> <query> AS distance
      FROM (
        SELECT id, metadata, embedding FROM <table> WHERE <filter>
        ORDER BY <indexed> \\<#> <indexedQuery>
        LIMIT :candidates) AS nearest
      ORDER BY distance, id
      LIMIT :k
      """;

  private PgvectorStatements() {}

  static Optional<PgvectorTable> find(Session session, String name) {
    return table(session.query(FIND + FROM), name);
  }

  /** Finds it, and sets up the transaction for a search. */
  static Optional<PgvectorTable> findToSearch(Session session, String name, int ef) {
    return table(session.query(SETTINGS.formatted(FIND + FROM)).bind("ef", ef), name);
  }

  /** Keeps a collection from being dropped until the transaction ends. */
  static Optional<PgvectorTable> share(Session session, String name) {
    return table(session.query(FIND + FROM + SHARED), name);
  }

  private static Optional<PgvectorTable> table(Query query, String name) {
    return query.bind("name", name).map((row, context) -> table(row)).findOne();
  }

  private static PgvectorTable table(ResultSet row) throws SQLException {
    return new PgvectorTable(
        row.getLong("id"),
        row.getString("name"),
        row.getInt("dimensions"),
        row.getBoolean("own_table"),
        row.getBoolean("indexed"));
  }

  static PgvectorTable create(Session session, String name, int dimensions) {
    session.update(CREATE).bind("name", name).bind("dimensions", dimensions).execute();
    PgvectorTable table = find(session, name).orElseThrow();
    session
        .update(CREATE_TABLE)
        .define("table", table.table())
        .define("dimensions", dimensions)
        .execute();
    return table;
  }

  /**
   * @param records one an id
   */
  static void upsert(Session session, PgvectorTable table, List<VectorRecord> records) {
    int rows = Math.max(1, NUMBERS_AT_ONCE / table.dimensions());
    for (int from = 0; from < records.size(); from += rows) {
      List<VectorRecord> part = records.subList(from, Math.min(records.size(), from + rows));
      session
          .update(UPSERT)
          .define("table", table.table())
          .define("dimensions", table.dimensions())
          .bindArray("ids", String.class, part.stream().map(VectorRecord::id).toList())
          .bindArray(
              "metadata",
              String.class,
              part.stream().map(record -> SqlText.jsonb(record.metadata())).toList())
          .bind("vectors", UnitVectors.of(part, table.dimensions()))
          .execute();
    }
  }

  static int delete(Session session, PgvectorTable table, Collection<String> ids) {
    return session
        .update(DELETE)
        .define("table", table.table())
        .bindArray("ids", String.class, List.copyOf(ids))
        .execute();
  }

  /** {@code false} if there is none with a table of its own. */
  static boolean drop(Session session, String name) {
    Optional<PgvectorTable> found =
        table(session.query(FIND + FROM + ALONE), name).filter(PgvectorTable::own);
    found.ifPresent(
        table -> {
          session.query(CANCEL_BUILD).bind("table", table.table()).mapTo(Boolean.class).list();
          session.update(LOCK_TABLE).define("table", table.table()).execute();
          session.update(DROP_TABLE).define("table", table.table()).execute();
          session.update(FORGET).bind("id", table.id()).execute();
        });
    return found.isPresent();
  }

  static long count(Session session, PgvectorTable table) {
    return session.query(COUNT).define("table", table.table()).mapTo(Long.class).one();
  }

  /** Searches by the index where there is one, and again without it where it finds too few. */
  static List<VectorMatch> search(Session session, PgvectorTable table, VectorQuery query) {
    if (table.indexed()) {
      List<VectorMatch> found = search(session, INDEXED, table, query);
      if (found.size() == query.k()) {
        return found;
      }
      session.execute(UNSET);
    }
    return search(session, EXACT, table, query);
  }

  private static List<VectorMatch> search(
      Session session, String sql, PgvectorTable table, VectorQuery query) {
    return query(session, sql, table, query).map((row, context) -> match(row)).list();
  }

  static Query query(Session session, String sql, PgvectorTable table, VectorQuery query) {
    String vector = "cast(cast(:query AS real[]) AS vector(%d))".formatted(table.dimensions());
    PgvectorFilter filter = new PgvectorFilter(query.filter());
    return filter
        .bind(session.query(sql))
        .define("table", table.table())
        .define("filter", filter.sql())
        .define("query", vector)
        .define("indexed", table.indexed("embedding"))
        .define("indexedQuery", table.indexed(vector))
        .bind("query", UnitVectors.of(query.vector()))
        .bind("k", query.k())
        .bind("candidates", table.candidates(query.k()));
  }

  private static VectorMatch match(ResultSet row) throws SQLException {
    float cosine = (float) (0 - row.getDouble("distance"));
    return new VectorMatch(
        row.getString("id"),
        Math.max(-1, Math.min(1, cosine)),
        SqlText.meta(row.getString("metadata")));
  }
}
