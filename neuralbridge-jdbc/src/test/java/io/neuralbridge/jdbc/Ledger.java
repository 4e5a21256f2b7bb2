package io.neuralbridge.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * What handlers write down themselves, each event a transaction of its own, whatever the queue
 * says: the witness by which the queue is judged. Times are the database's.
 */
final class Ledger {

  /** One execution of a handler; {@code end} is null if it did not come to its end. */
  record Run(UUID id, long job, String node, Instant start, Instant end) {}

  static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS run_event (
        run    uuid NOT NULL,
        what   text NOT NULL,
        job_id bigint NOT NULL,
        node   text NOT NULL,
        at     timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (run, what))
      """;

  private static final String WRITE =
      """
      INSERT INTO run_event (run, what, job_id, node) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
      """;

  private static final String READ =
      """
      SELECT s.run, s.job_id, s.node, s.at AS began, e.at AS ended
      FROM run_event s LEFT JOIN run_event e ON e.run = s.run AND e.what = 'end'
      WHERE s.what = 'start'
      ORDER BY s.at
      """;

  private static final int RETRY_MS = 25;

  private final DataSource dataSource;

  Ledger(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  void begin(UUID run, long job, String node) throws InterruptedException {
    write(run, "start", job, node);
  }

  void end(UUID run, long job, String node) throws InterruptedException {
    write(run, "end", job, node);
  }

  // As a patient handler would: until the database answers, or the run is interrupted.
  private void write(UUID run, String what, long job, String node) throws InterruptedException {
    while (!isWritten(run, what, job, node)) {
      TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    }
  }

  private boolean isWritten(UUID run, String what, long job, String node) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert = connection.prepareStatement(WRITE)) {
      insert.setObject(1, run);
      insert.setString(2, what);
      insert.setLong(3, job);
      insert.setString(4, node);
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** All runs by job, each job's in the order of their start. */
  Map<Long, List<Run>> runs() throws SQLException {
    Map<Long, List<Run>> runs = new HashMap<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement query = connection.prepareStatement(READ);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        Run run =
            new Run(
                row.getObject("run", UUID.class),
                row.getLong("job_id"),
                row.getString("node"),
                row.getObject("began", OffsetDateTime.class).toInstant(),
                instantOrNull(row.getObject("ended", OffsetDateTime.class)));
        runs.computeIfAbsent(run.job(), job -> new ArrayList<>()).add(run);
      }
    }
    return runs;
  }

  private static Instant instantOrNull(OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
