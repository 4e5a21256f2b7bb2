package io.neuralbridge.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection to keep for long, taken only if the pool has another one for everybody else. Nothing
 * but asking for that one can tell.
 */
final class SpareConnection {

  private final DataSource dataSource;
  private final PostgresWakeUps.Timing timing;

  SpareConnection(DataSource dataSource, PostgresWakeUps.Timing timing) {
    this.dataSource = dataSource;
    this.timing = timing;
  }

  /** Null if the pool would be left without any. */
  @Nullable Connection take() throws SQLException, InterruptedException {
    Connection connection = dataSource.getConnection();
    boolean spare = false;
    try {
      spare = hasAnother();
      return spare ? connection : null;
    } finally {
      if (!spare) {
        connection.close();
      }
    }
  }

  private boolean hasAnother() throws InterruptedException {
    CompletableFuture<Connection> other = new CompletableFuture<>();
    Thread thread = new Thread(() -> open(other), "neuralbridge-listener-probe");
    thread.setDaemon(true);
    thread.start();
    // Whenever it comes, perhaps only because we gave ours back.
    CompletableFuture<Void> closed = other.thenAccept(SpareConnection::close);
    try {
      closed.get(timing.spare().toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    }
  }

  private void open(CompletableFuture<Connection> opened) {
    try {
      opened.complete(dataSource.getConnection());
    } catch (SQLException | RuntimeException e) {
      opened.completeExceptionally(e);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IllegalStateException("a connection that was just opened does not close", e);
    }
  }
}
