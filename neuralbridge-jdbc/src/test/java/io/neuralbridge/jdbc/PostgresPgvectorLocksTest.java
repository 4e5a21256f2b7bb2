package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whoever builds, drops and writes at the same time. On a server of many connections, which may not
 * have pgvector: the table's column is of another type, which no statement here looks at.
 */
class PostgresPgvectorLocksTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private Database database;
  private PgvectorTable table;

  @BeforeEach
  void createCollection() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    Tables.clear(POSTGRES.dataSource());
    database = new Database(POSTGRES.dataSource(), new PostgresDialect(), null, false, false);
    PostgresDatabase.execute(
        POSTGRES.dataSource(),
        "INSERT INTO nb_vector_collection (name, dimensions, revision, own_table) VALUES ('c', 2, 0, true)");
    table = find();
    PostgresDatabase.execute(
        POSTGRES.dataSource(),
        """
        CREATE TABLE %s (id text COLLATE "C" PRIMARY KEY, embedding real[], metadata jsonb);
        INSERT INTO %1$s SELECT n, '{1,2}', '{}' FROM generate_series(1, 10) n;
        CREATE OR REPLACE FUNCTION nb_test_slow(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS
          'BEGIN PERFORM pg_sleep(60); RETURN $1; END'
        """
            .formatted(table.table()));
  }

  @Test
  void anIndexThatAnotherProcessBuildsIsLeftAlone() throws SQLException {
    CompletableFuture<Void> builder = buildSlowly();

    assertThatThrownBy(() -> database.run(s -> PgvectorIndexes.dropInvalid(s, table)))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            e -> assertThat(e.code()).isEqualTo(DatabaseException.CONFLICT));

    assertThat(isBuilding()).isTrue();
    cancel();
    assertThatThrownBy(builder::join).isInstanceOf(CompletionException.class);
    assertThat(exists(table.index())).isTrue();
    boolean dropped = database.run(s -> PgvectorIndexes.dropInvalid(s, table));
    assertThat(dropped).isTrue();
    assertThat(exists(table.index())).isFalse();
  }

  @Test
  void aCollectionWhoseIndexIsBeingBuiltIsDroppedAtOnce() {
    CompletableFuture<Void> builder = buildSlowly();

    boolean dropped = database.run(session -> PgvectorStatements.drop(session, "c"));

    assertThat(dropped).isTrue();
    assertThatThrownBy(builder::join).hasMessageContaining("cancel");
    assertThat(exists(table.table())).isFalse();
  }

  @Test
  void aDropWaitsForWhoeverWrites() throws Exception {
    CompletableFuture<Boolean> drop;
    try (Connection writer = POSTGRES.dataSource().getConnection()) {
      writer.setAutoCommit(false);
      database.join(writer, session -> PgvectorStatements.share(session, "c"));
      drop =
          CompletableFuture.supplyAsync(
              () -> database.run(session -> PgvectorStatements.drop(session, "c")));
      Eventually.isTrue("the drop waits", () -> isWaiting());
      database.join(writer, s -> s.update("DELETE FROM " + table.table()).execute());
      writer.commit();
      writer.setAutoCommit(true);
    }
    assertThat(drop.join()).isTrue();
  }

  private CompletableFuture<Void> buildSlowly() {
    CompletableFuture<Void> builder =
        CompletableFuture.runAsync(
            () ->
                database.runAlone(
                    session ->
                        session
                            .update(
                                "CREATE INDEX CONCURRENTLY %s ON %s (nb_test_slow(id))"
                                    .formatted(table.index(), table.table()))
                            .execute()));
    Eventually.isTrue("the index is being built", this::isBuilding);
    return builder;
  }

  private boolean isBuilding() {
    return ask(
        "SELECT EXISTS (SELECT 1 FROM pg_stat_progress_create_index WHERE relid = to_regclass('%s'))"
            .formatted(table.table()));
  }

  private boolean isWaiting() {
    return ask(
        "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE OF c%' AND pid <> pg_backend_pid())");
  }

  private boolean exists(String relation) {
    return ask("SELECT to_regclass('%s') IS NOT NULL".formatted(relation));
  }

  private boolean ask(String sql) {
    return database.run(session -> session.query(sql).mapTo(Boolean.class).one());
  }

  private PgvectorTable find() {
    return database.run(session -> PgvectorStatements.find(session, "c").orElseThrow());
  }

  private void cancel() throws SQLException {
    try (Connection connection = POSTGRES.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_progress_create_index");
    }
  }
}
