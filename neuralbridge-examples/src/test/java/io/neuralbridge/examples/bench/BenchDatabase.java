package io.neuralbridge.examples.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where a benchmark runs: a PostgreSQL of its own, as durable as in production, or a server that
 * was given. There everything is in one schema, which is dropped at the end.
 */
final class BenchDatabase implements AutoCloseable {

  private static final int CONNECTIONS = 30;

  private final @Nullable EmbeddedPostgres server;
  private final String schema = "nb_bench_" + UUID.randomUUID().toString().replace("-", "");
  private final String url;
  private final HikariDataSource pool;

  private BenchDatabase(@Nullable EmbeddedPostgres server, String serverUrl) throws SQLException {
    this.server = server;
    // Inserts in batches are the one thing for which db-scheduler depends on the driver's settings.
    this.url =
        serverUrl
            + (serverUrl.contains("?") ? "&" : "?")
            + "reWriteBatchedInserts=true&currentSchema="
            + schema;
    this.pool = pool(url, CONNECTIONS);
    execute(pool, "CREATE SCHEMA " + schema);
  }

  /**
   * @param url of an existing server, with user and password; null to start one
   */
  static BenchDatabase open(@Nullable String url) throws IOException, SQLException {
    if (url != null) {
      return new BenchDatabase(null, url);
    }
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "1GB")
            .setServerConfig("max_wal_size", "8GB")
            .setServerConfig("log_min_messages", "fatal")
            .start();
    return new BenchDatabase(server, server.getJdbcUrl("postgres", "postgres"));
  }

  static HikariDataSource pool(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  /** For another process: leads to the same schema. */
  String url() {
    return url;
  }

  DataSource dataSource() {
    return pool;
  }

  /** The same, with nothing in its schema. */
  DataSource emptied() throws SQLException {
    execute(pool, "DROP SCHEMA " + schema + " CASCADE");
    execute(pool, "CREATE SCHEMA " + schema);
    if (server != null) {
      execute(pool, "CHECKPOINT");
    }
    return pool;
  }

  String version() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return "PostgreSQL " + connection.getMetaData().getDatabaseProductVersion();
    }
  }

  void clear(List<String> tables) throws SQLException {
    execute(pool, "TRUNCATE " + String.join(", ", tables));
  }

  /** Fresh statistics and nothing left to write, so that nobody pays for another's past. */
  void settle(List<String> tables) throws SQLException {
    execute(pool, "VACUUM ANALYZE " + String.join(", ", tables));
    if (server != null) {
      execute(pool, "CHECKPOINT");
    }
  }

  long count(String table) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  static void execute(DataSource dataSource, String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    execute(pool, "DROP SCHEMA " + schema + " CASCADE");
    pool.close();
    if (server != null) {
      server.close();
    }
  }
}
