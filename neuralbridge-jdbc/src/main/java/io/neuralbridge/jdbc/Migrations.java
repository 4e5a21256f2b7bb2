package io.neuralbridge.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The versioned schema: applied, printed, or checked. */
final class Migrations {

  /** In order; a test compares them with what is on the class path. */
  static final List<String> FILES =
      List.of(
          "V1__jobs.sql",
          "V2__knowledge.sql",
          "V3__flows.sql",
          "V4__schedule.sql",
          "V5__queues.sql",
          "V6__leader.sql",
          "V7__run.sql",
          "V8__embedding.sql",
          "V9__usage.sql",
          "V10__pgvector.sql");

  static final String HISTORY_TABLE = "neuralbridge_schema_history";

  /** No such table: PostgreSQL's, and H2's two. */
  private static final Set<String> MISSING = Set.of("42P01", "42S02", "42S04");

  private static final int MAX_TRIES = 5;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String FOLDER = "io/neuralbridge/jdbc/migration/";
  private static final String CHECK =
      """
      SELECT 1
      FROM nb_node, nb_job, nb_job_unique, nb_job_args, nb_job_history, nb_job_error,
           nb_job_link, nb_job_news, nb_flow, nb_flow_job, nb_flow_callback, nb_chain,
           nb_queue, nb_queue_node, nb_document, nb_chunk, nb_chunk_text,
           nb_generation, nb_embedding, nb_vector_collection,
           nb_vector, nb_schedule, nb_schedule_run, nb_leader,
           nb_job_progress, nb_job_log, nb_embedding_cache, nb_rate_bucket, nb_usage
      WHERE 1 = 0
      """;

  private Migrations() {}

  // One thread at a time: two that make an empty database's history table at once collide in H2.
  static synchronized void apply(DataSource dataSource, Database database) {
    if (!database.run(database.dialect::mayMakeTables)) {
      requireTables(database, "this user may not make them: give it CREATE on the schema, or run");
    }
    migrate(dataSource, database.dialect);
  }

  // Repeated, because Flyway's lock does not cover the making of its history table: of processes
  // that start at once on an empty schema all but one may fail, and find it made the next time.
  static void migrate(DataSource dataSource, Dialect dialect) {
    for (int tries = 1; ; tries++) {
      try {
        flyway(dataSource, dialect).migrate();
        return;
      } catch (FlywayException e) {
        if (tries == MAX_TRIES) {
          throw new DatabaseException(
              DatabaseException.SCHEMA,
              "the schema could not be migrated: %s".formatted(e.getMessage()),
              e);
        }
        LockSupport.parkNanos(PAUSE.toNanos() * tries);
      }
    }
  }

  private static Flyway flyway(DataSource dataSource, Dialect dialect) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(dataSource)
        .locations("classpath:" + FOLDER + dialect.name())
        .table(HISTORY_TABLE)
        .baselineOnMigrate(true)
        .baselineVersion("0")
        .baselineDescription("what the host has")
        .load();
  }

  static void check(Database database) {
    requireTables(database, "let JdbcBackend migrate, or run");
  }

  private static void requireTables(Database database, String remedy) {
    try {
      database.run(session -> session.query(CHECK).mapTo(Integer.class).list());
    } catch (DatabaseException e) {
      SQLException cause = Database.sqlCause(e);
      if (cause == null || !MISSING.contains(String.valueOf(cause.getSQLState()))) {
        throw e;
      }
      throw new DatabaseException(
          DatabaseException.SCHEMA,
          "the tables of NeuralBridge are missing: %s JdbcBackend.schemaSql(\"%s\") with your own tool"
              .formatted(remedy, database.dialect.name()),
          e);
    }
  }

  static String sql(String dialect) {
    return FILES.stream()
        .map(file -> read(FOLDER + dialect + "/" + file))
        .collect(Collectors.joining("\n"));
  }

  private static String read(String resource) {
    try (InputStream in = Migrations.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
