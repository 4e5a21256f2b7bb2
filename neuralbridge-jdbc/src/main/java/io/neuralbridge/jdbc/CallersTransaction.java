package io.neuralbridge.jdbc;

import io.neuralbridge.job.Inserter;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Inserts into a transaction that is the caller's to begin, to end and to try again. */
final class CallersTransaction implements Inserter {

  private final Database database;
  private final Connection connection;

  CallersTransaction(Database database, Connection connection) {
    this.database = database;
    this.connection = connection;
    requireTransaction();
  }

  @Override
  public List<Job> insert(List<NewJob> jobs) {
    requireTransaction();
    return jobs.isEmpty()
        ? List.of()
        : database.join(connection, session -> JobInserts.insert(session, database.dialect, jobs));
  }

  private void requireTransaction() {
    try {
      if (connection.getAutoCommit()) {
        throw new IllegalArgumentException(
            "the connection commits every statement by itself: call setAutoCommit(false) and commit() around the enqueueing, or enqueue without it");
      }
    } catch (SQLException e) {
      throw new DatabaseException(
          DatabaseException.UNAVAILABLE,
          "the caller's connection cannot be used: %s".formatted(e.getMessage()),
          e);
    }
  }
}
