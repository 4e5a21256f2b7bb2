package io.neuralbridge.jdbc;

import java.util.List;
import java.util.Optional;

/**
 * Makes the indexes of a collection, beside those who read and write it. PostgreSQL's own lock on
 * the table lets one process at a time build, and tells what is being built from what a crash has
 * left half-built.
 */
final class PgvectorIndexes {

  /**
   * What there is.
   *
   * @param rows how many there are, or the limit if there are more
   * @param bytes of the table without its indexes
   */
  record State(boolean indexed, long rows, long bytes) {}

  private static final String EXISTS =
      """
      SELECT EXISTS (SELECT 1 FROM nb_vector_collection WHERE id = :id)
      """;

  private static final String ROWS =
      """
      SELECT count(*) FROM (SELECT 1 FROM <table> LIMIT :limit) AS counted
      """;

  private static final String BYTES =
      """
      SELECT pg_table_size(to_regclass(:table))
      """;

  private static final String IS_VALID =
      """
      SELECT EXISTS (
        SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:index) AND indisvalid)
      """;

  private static final String IS_INVALID =
      """
      SELECT EXISTS (
        SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:index) AND NOT indisvalid)
      """;

  // Whoever builds has this lock all the time, and a vacuum has it too.
  private static final String LOCK_OUT_BUILDERS =
      """
      LOCK TABLE <table> IN SHARE UPDATE EXCLUSIVE MODE NOWAIT
      """;

  private static final String WAIT_BRIEFLY =
      """
      SET LOCAL lock_timeout = '5s'
      """;

  private static final String DROP =
      """
      DROP INDEX <index>
      """;

  static final String CREATE_FOR_METADATA =
      """
      CREATE INDEX CONCURRENTLY IF NOT EXISTS <metadataIndex> ON <table>
      USING gin (metadata jsonb_path_ops)
      """;

  static final String CREATE =
      """
      CREATE INDEX CONCURRENTLY IF NOT EXISTS <index> ON <table>
      USING hnsw ((<indexed>) <operators>)
      """;

  private static final String ANALYZE =
      """
      ANALYZE <table>
      """;

  private static final String TIMEOUTS =
      """
      SELECT name, setting FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout')
      """;

  private static final String SET_TIMEOUT =
      """
      SELECT set_config(:name, :setting, false)
      """;

  private PgvectorIndexes() {}

  /** Empty if the collection is gone. */
  static Optional<State> look(Session session, PgvectorTable table, long limit) {
    if (!session.query(EXISTS).bind("id", table.id()).mapTo(Boolean.class).one()) {
      return Optional.empty();
    }
    return Optional.of(
        new State(
            isValid(session, table),
            session
                .query(ROWS)
                .define("table", table.table())
                .bind("limit", limit)
                .mapTo(Long.class)
                .one(),
            session.query(BYTES).bind("table", table.table()).mapTo(Long.class).one()));
  }

  static boolean isValid(Session session, PgvectorTable table) {
    return session.query(IS_VALID).bind("index", table.index()).mapTo(Boolean.class).one();
  }

  /** Drops what a builder has left that did not finish; a conflict if one is at work. */
  static boolean dropInvalid(Session session, PgvectorTable table) {
    session.execute(WAIT_BRIEFLY);
    session.update(LOCK_OUT_BUILDERS).define("table", table.table()).execute();
    for (String index : List.of(table.index(), table.metadataIndex())) {
      if (session.query(IS_INVALID).bind("index", index).mapTo(Boolean.class).one()) {
        session.update(DROP).define("index", index).execute();
      }
    }
    return true;
  }

  /** Builds both, on a connection without a transaction and, meanwhile, without timeouts. */
  static boolean build(Session session, PgvectorTable table) {
    List<Timeout> timeouts =
        session
            .query(TIMEOUTS)
            .map((row, context) -> new Timeout(row.getString("name"), row.getString("setting")))
            .list();
    try {
      timeouts.forEach(timeout -> new Timeout(timeout.name(), "0").set(session));
      create(session, CREATE_FOR_METADATA, table);
      create(session, CREATE, table);
      session.update(ANALYZE).define("table", table.table()).execute();
    } finally {
      timeouts.forEach(timeout -> timeout.set(session));
    }
    return isValid(session, table);
  }

  private static void create(Session session, String sql, PgvectorTable table) {
    session
        .update(sql)
        .define("table", table.table())
        .define("metadataIndex", table.metadataIndex())
        .define("index", table.index())
        .define("indexed", table.indexed("embedding"))
        .define("operators", table.operatorClass())
        .execute();
  }

  private record Timeout(String name, String setting) {
    void set(Session session) {
      session
          .query(SET_TIMEOUT)
          .bind("name", name)
          .bind("setting", setting)
          .mapTo(String.class)
          .one();
    }
  }
}
