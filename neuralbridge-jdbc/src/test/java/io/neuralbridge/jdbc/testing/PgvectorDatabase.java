package io.neuralbridge.jdbc.testing;

import static org.junit.jupiter.api.Assertions.fail;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class a fresh schema on a PostgreSQL with pgvector. Register it in a static field.
 * Where none can be had the class is skipped and says why; with {@code
 * NEURALBRIDGE_REQUIRE_PGVECTOR=true} in the environment it fails.
 */
public final class PgvectorDatabase
    implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {

  private static final String REQUIRED_VARIABLE = "NEURALBRIDGE_REQUIRE_PGVECTOR";

  private final String schema = "nb_test_" + UUID.randomUUID().toString().replace("-", "");
  private @Nullable HikariDataSource dataSource;
  private int classes;

  // A condition, because a class that is aborted later is in no report of Surefire's.
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    PgvectorServer server = PgvectorServer.get();
    boolean required = Boolean.parseBoolean(System.getenv(REQUIRED_VARIABLE));
    return server.url() == null && !required
        ? ConditionEvaluationResult.disabled(missing(server))
        : ConditionEvaluationResult.enabled(server.origin());
  }

  private static String missing(PgvectorServer server) {
    return "no PostgreSQL with pgvector to test with: " + server.origin();
  }

  // Flyway needs two connections at once, so the tables are made from the printed schema.
  // Called for nested classes too, within the class that they are in.
  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    if (classes++ > 0) {
      return;
    }
    PgvectorServer server = PgvectorServer.get();
    if (server.url() == null) {
      classes--;
      fail(missing(server));
    }
    dataSource = pool(server);
    PostgresDatabase.execute(dataSource, "CREATE SCHEMA " + schema);
    PostgresDatabase.execute(dataSource, "CREATE EXTENSION IF NOT EXISTS vector SCHEMA public");
    PostgresDatabase.execute(dataSource, JdbcBackend.schemaSql("postgresql"));
  }

  private HikariDataSource pool(PgvectorServer server) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url());
    // PGlite has one session for all connections, one after the other: the driver's own way to set
    // the path is heard once, and what it prepares for itself is there already the next time.
    config.addDataSourceProperty("prepareThreshold", "0");
    config.setConnectionInitSql("SET search_path TO " + schema + ", public");
    config.setMaximumPoolSize(server.connections());
    config.setMinimumIdle(1);
    // An index that is built takes the one connection of PGlite.
    config.setConnectionTimeout(TimeUnit.MINUTES.toMillis(2));
    return new HikariDataSource(config);
  }

  /** A pool on the class's schema, before that of the extension. */
  public HikariDataSource dataSource() {
    return Objects.requireNonNull(dataSource);
  }

  /** Whether transactions can run side by side; PGlite has one connection. */
  public boolean isConcurrent() {
    return PgvectorServer.get().connections() > 1;
  }

  /** Whether the server is the tests' own, so that they may remove the extension. */
  public boolean isDisposable() {
    return PgvectorServer.get().disposable();
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException {
    if (dataSource == null || --classes > 0) {
      return;
    }
    PostgresDatabase.execute(dataSource, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    dataSource.close();
  }
}
