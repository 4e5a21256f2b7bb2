package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An H2 database of our own, in a file or in memory, with the pool that keeps it open. */
final class EmbeddedDatabase implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);

  /** How a database in memory is named that was asked for, not come by. */
  static final String OWN_MEMORY = "jdbc:h2:mem:neuralbridge-";

  private static final String SUFFIX = ".mv.db";
  private static final int CONNECTIONS = 10;

  // We close it ourselves, after the last job has settled; H2's own shutdown hook would be first.
  private static final String OPTIONS =
      ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=1000";

  // H2's lock keeps other processes out, but lets this one in twice.
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final HikariDataSource dataSource;
  private final @Nullable Path file;

  private EmbeddedDatabase(HikariDataSource dataSource, @Nullable Path file) {
    this.dataSource = dataSource;
    this.file = file;
  }

  HikariDataSource dataSource() {
    return dataSource;
  }

  static EmbeddedDatabase inMemory() {
    return new EmbeddedDatabase(pool(OWN_MEMORY + UUID.randomUUID() + OPTIONS), null);
  }

  static EmbeddedDatabase file(Path path) {
    Path file = withoutSuffix(path.toAbsolutePath().normalize());
    requireWritable(file);
    if (!OPEN.add(file)) {
      throw new DatabaseException(
          DatabaseException.LOCKED,
          "the database %s is open in this process already: share that JdbcBackend, or close it first"
              .formatted(file + SUFFIX));
    }
    try {
      return new EmbeddedDatabase(pool("jdbc:h2:file:" + file + OPTIONS), file);
    } catch (RuntimeException e) {
      OPEN.remove(file);
      throw e instanceof PoolInitializationException refused ? explain(file, refused) : e;
    }
  }

  private static Path withoutSuffix(Path path) {
    String name = String.valueOf(path.getFileName());
    return name.endsWith(SUFFIX)
        ? path.resolveSibling(name.substring(0, name.length() - SUFFIX.length()))
        : path;
  }

  private static void requireWritable(Path file) {
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(file)) {
      throw unusable(
          "%s is a folder; name a file in it, such as %s"
              .formatted(file, file.resolve("neuralbridge")),
          null);
    }
    if (file.toString().contains(";")) {
      throw unusable("%s holds a semicolon, which ends a path for H2".formatted(file), null);
    }
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unusable(
          "the folder %s cannot be made; name a file in another one".formatted(folder), e);
    }
    Path stored = file.resolveSibling(file.getFileName() + SUFFIX);
    if (!Files.isWritable(Files.exists(stored) ? stored : folder)) {
      throw unusable(
          "%s cannot be written to; give it to this user, or name another"
              .formatted(Files.exists(stored) ? stored : folder),
          null);
    }
  }

  private static HikariDataSource pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("neuralbridge");
    config.setJdbcUrl(url);
    config.setUsername("sa");
    config.setPassword("");
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    return new HikariDataSource(config);
  }

  private static DatabaseException explain(Path file, PoolInitializationException e) {
    SQLException cause = Database.sqlCause(e);
    if (cause != null && cause.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return new DatabaseException(
          DatabaseException.LOCKED,
          "the database %s is open in another process: stop that one, name another file, or share a PostgreSQL"
              .formatted(file + SUFFIX),
          e);
    }
    return unusable(
        "the database %s cannot be opened: %s"
            .formatted(file + SUFFIX, cause == null ? e.getMessage() : cause.getMessage()),
        e);
  }

  private static DatabaseException unusable(String message, @Nullable Exception cause) {
    return cause == null
        ? new DatabaseException(DatabaseException.UNUSABLE, message)
        : new DatabaseException(DatabaseException.UNUSABLE, message, cause);
  }

  @Override
  public void close() {
    if (dataSource.isClosed()) {
      return;
    }
    // From here on the last connection to go closes the database.
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET DB_CLOSE_DELAY 0");
    } catch (SQLException e) {
      LOG.warn("The embedded database did not shut down cleanly; it recovers when it is opened", e);
    }
    dataSource.close();
    if (file != null) {
      OPEN.remove(file);
    }
  }
}
