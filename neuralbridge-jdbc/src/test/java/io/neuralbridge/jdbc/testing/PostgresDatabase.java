package io.neuralbridge.jdbc.testing;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives a test class a fresh schema on a real PostgreSQL. Register it in a static field. Where no
 * PostgreSQL can be had the class is skipped and says why; with {@code
 * NEURALBRIDGE_REQUIRE_POSTGRES=true} in the environment it fails.
 */
public final class PostgresDatabase implements BeforeAllCallback, AfterAllCallback {

  private static final String REQUIRED_VARIABLE = "NEURALBRIDGE_REQUIRE_POSTGRES";

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final List<HikariDataSource> pools = new ArrayList<>();
  private final List<String> schemas = new ArrayList<>();
  private PostgresServer server;
  private HikariDataSource dataSource;
  private int classes;

  // Called for nested classes too, within the class that they are in.
  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    if (classes++ > 0) {
      return;
    }
    server = PostgresServer.get();
    if (server.url() == null) {
      String reason = "no PostgreSQL to test with: " + server.origin();
      if (isRequired()) {
        fail(reason);
      }
      abort(reason);
    }
    dataSource = newSchema();
  }

  /** Whether a test that cannot have its PostgreSQL must fail instead of being skipped. */
  static boolean isRequired() {
    return Boolean.parseBoolean(System.getenv(REQUIRED_VARIABLE));
  }

  /** A pool on the class's schema. */
  public HikariDataSource dataSource() {
    return dataSource;
  }

  /** A pool on a new, empty schema. */
  public HikariDataSource newSchema() throws SQLException {
    String schema = "nb_test_" + UUID.randomUUID().toString().replace("-", "");
    schemas.add(schema);
    HikariDataSource pool = pool(schema, 12, schema);
    execute(pool, "CREATE SCHEMA " + schema);
    return pool;
  }

  /**
   * A pool of one connection on the class's schema: what it counts of itself in PostgreSQL's
   * statistics is exact. Other connections report when they please, so those that the class has
   * used so far, for its migrations perhaps, are ended first: a session reports when it ends.
   */
  public HikariDataSource singleConnection() throws SQLException {
    HikariDataSource single = pool(schemas.get(0), 1, "single");
    Set<Integer> used = sessions(single);
    dataSource.getHikariPoolMXBean().softEvictConnections();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Collections.disjoint(used, sessions(single))) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("sessions of the pool do not end: " + used);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return single;
  }

  private Set<Integer> sessions(HikariDataSource single) throws SQLException {
    Set<Integer> pids = new TreeSet<>();
    try (Connection connection = single.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT pid FROM pg_stat_activity" + " WHERE application_name = ?")) {
      statement.setString(1, schemas.get(0));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          pids.add(rows.getInt(1));
        }
      }
    }
    return pids;
  }

  private HikariDataSource pool(String schema, int connections, String name) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(server.url());
    config.addDataSourceProperty("currentSchema", schema);
    config.addDataSourceProperty("ApplicationName", name);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(1);
    HikariDataSource pool = new HikariDataSource(config);
    pools.add(pool);
    return pool;
  }

  /** Runs statements, separated by semicolons, outside of any transaction. */
  public static void execute(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException {
    if (--classes > 0) {
      return;
    }
    for (String schema : schemas) {
      execute(dataSource, "DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    }
    pools.forEach(HikariDataSource::close);
  }
}
