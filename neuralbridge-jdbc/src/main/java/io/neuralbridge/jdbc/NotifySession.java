package io.neuralbridge.jdbc;

import io.neuralbridge.queue.WakeUps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** One connection that listens, for as long as it lives. For one thread. */
final class NotifySession implements AutoCloseable {

  private static final int SLICE_MS = 250;
  private static final String IS_LISTENING =
      """
      SELECT count(*) FROM pg_listening_channels() AS c(channel) WHERE c.channel = ?
      """;

  private final Connection connection;
  private final String channel;
  private final PostgresWakeUps.Timing timing;
  private final boolean autoCommit;
  private boolean broken;

  NotifySession(Connection connection, String channel, PostgresWakeUps.Timing timing)
      throws SQLException {
    this.connection = connection;
    this.channel = channel;
    this.timing = timing;
    this.autoCommit = connection.getAutoCommit();
  }

  void begin() throws SQLException {
    if (!autoCommit) {
      connection.setAutoCommit(true);
    }
    execute("LISTEN " + channel);
  }

  /**
   * Hands on what it hears until it is told to stop.
   *
   * @throws SQLException if it would hear nothing any more
   */
  void listen(WakeUps.Listener listener, CountDownLatch stopped) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    try {
      listen(postgres, listener, stopped);
    } catch (SQLException e) {
      broken = true;
      throw e;
    }
  }

  private void listen(PGConnection postgres, WakeUps.Listener listener, CountDownLatch stopped)
      throws SQLException {
    long lastBeat = System.nanoTime();
    while (stopped.getCount() > 0) {
      queues(postgres.getNotifications(SLICE_MS)).forEach(listener::jobsMayBeDue);
      if (System.nanoTime() - lastBeat > timing.beat().toNanos()) {
        requireAlive();
        lastBeat = System.nanoTime();
      }
    }
  }

  private Set<String> queues(PGNotification[] notifications) {
    Set<String> queues = new TreeSet<>();
    for (PGNotification notification : notifications) {
      if (notification.getName().equals(channel)) {
        queues.add(notification.getParameter());
      }
    }
    return queues;
  }

  // A connection that is cut off without a word hears nothing for ever; only asking tells. A pooler
  // may also have given this session another server's connection.
  private void requireAlive() throws SQLException {
    if (!connection.isValid((int) timing.answer().toSeconds())) {
      throw new SQLException("the connection that listens is dead", "08006");
    }
    try (PreparedStatement statement = connection.prepareStatement(IS_LISTENING)) {
      statement.setString(1, channel);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || row.getInt(1) == 0) {
          throw new SQLException(
              "the connection does not listen any more: is a pooler in transaction mode between?");
        }
      }
    }
  }

  // What is broken is cut off and used once more, so that a pool notices and does not hand it on.
  @Override
  public void close() throws SQLException {
    try (connection) {
      if (broken) {
        connection.abort(Runnable::run);
      }
      execute("UNLISTEN *");
      if (!autoCommit) {
        connection.setAutoCommit(false);
      }
    } catch (SQLException e) {
      if (!broken) {
        throw e;
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
