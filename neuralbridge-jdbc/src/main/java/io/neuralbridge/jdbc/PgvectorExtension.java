package io.neuralbridge.jdbc;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether pgvector can be used. */
final class PgvectorExtension {

  private static final Logger log = LoggerFactory.getLogger(PgvectorExtension.class);

  // From 0.8 on a search goes on where a filter has left too few; up to 0.8.3 deletes could harm an
  // index.
  private static final int[] OLDEST = {0, 8, 0};
  private static final int[] SOUND = {0, 8, 4};

  private static final String VERSION =
      """
      SELECT extversion FROM pg_extension WHERE extname = 'vector'
      """;

  private static final String IS_AVAILABLE =
      """
      SELECT EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'vector')
      """;

  static final String CREATE =
      """
      CREATE EXTENSION IF NOT EXISTS vector
      """;

  private static final String IS_VISIBLE =
      """
      SELECT to_regtype('vector') IS NOT NULL
      """;

  private PgvectorExtension() {}

  /**
   * Why it cannot be used; empty if it can.
   *
   * @param mayCreate whether to install it where the server has it
   */
  static Optional<String> obstacle(Database database, boolean mayCreate) {
    if (!database.dialect.name().equals("postgresql")) {
      return Optional.of("the database is not PostgreSQL");
    }
    if (database.run(PgvectorExtension::version).isEmpty()) {
      Optional<String> obstacle = create(database, mayCreate);
      if (obstacle.isPresent()) {
        return obstacle;
      }
    }
    return database.run(session -> obstacle(session, database.dialect));
  }

  private static Optional<String> version(Session session) {
    return session.query(VERSION).mapTo(String.class).findOne();
  }

  private static Optional<String> create(Database database, boolean mayCreate) {
    if (!database.run(session -> session.query(IS_AVAILABLE).mapTo(Boolean.class).one())) {
      return Optional.of("the server does not have the extension pgvector");
    }
    if (!mayCreate) {
      return Optional.of(
          "the extension pgvector is not in the database: run CREATE EXTENSION vector");
    }
    try {
      database.run(session -> session.update(CREATE).execute());
      return Optional.empty();
    } catch (DatabaseException e) {
      log.debug("CREATE EXTENSION failed", e);
      return Optional.of(
          "this user could not install the extension pgvector: run CREATE EXTENSION vector as another (%s)"
              .formatted(e.getMessage()));
    }
  }

  private static Optional<String> obstacle(Session session, Dialect dialect) {
    String version = version(session).orElseThrow();
    if (isOlder(version, OLDEST)) {
      return Optional.of(
          "pgvector is %s, and 0.8.0 is needed: run ALTER EXTENSION vector UPDATE"
              .formatted(version));
    }
    if (!session.query(IS_VISIBLE).mapTo(Boolean.class).one()) {
      return Optional.of("pgvector is in a schema that is not on this connection's search_path");
    }
    if (!dialect.mayMakeTables(session)) {
      return Optional.of("this user may not make tables, and each collection needs one");
    }
    if (isOlder(version, SOUND)) {
      log.warn(
          "pgvector is {}: before 0.8.4 deletes could harm an index; update the extension",
          version);
    }
    return Optional.empty();
  }

  /** Compares numbers; what stands for none, as in {@code 0.9-rc1}, is 0. */
  static boolean isOlder(String version, int[] than) {
    String[] parts = version.split("\\.", -1);
    for (int i = 0; i < than.length; i++) {
      String digits = i < parts.length ? parts[i].replaceFirst("\\D.*", "") : "";
      int part = digits.isEmpty() ? 0 : Integer.parseInt(digits);
      if (part != than[i]) {
        return part < than[i];
      }
    }
    return false;
  }
}
