package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Candidate;
import io.neuralbridge.queue.DueJobs;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.statement.Query;

/** The due jobs of one queue, as far as all databases read them with the same words. */
abstract class DueRows implements DueJobs {

  private static final String WITHOUT_KEY =
      """
      SELECT j.id, j.limit_key, j.weight, j.run_at FROM nb_job j
      WHERE j.state = 0 AND <unkeyed> AND j.queue = :queue AND j.priority = :priority
        AND j.run_at <= <now>
      ORDER BY <by_due_time>
      LIMIT :limit
      """;

  private static final String WITH_KEY =
      """
      SELECT j.id, j.limit_key, j.weight, j.run_at FROM nb_job j
      WHERE j.state = 0 AND <keyed> AND j.queue = :queue AND j.priority = :priority
        AND j.run_at <= <now>
      ORDER BY <by_due_time>
      LIMIT :limit
      """;

  final Session session;
  private final String queue;

  DueRows(Session session, String queue) {
    this.session = session;
    this.queue = queue;
  }

  @Override
  public List<Candidate> withoutKey(int priority, int limit) {
    return candidates(query(WITHOUT_KEY, priority).bind("limit", limit));
  }

  @Override
  public List<Candidate> withKey(int priority, int limit) {
    return candidates(query(WITH_KEY, priority).bind("limit", limit));
  }

  final Query query(String sql, int priority) {
    return session.query(sql).bind("queue", queue).bind("priority", priority);
  }

  static List<Candidate> candidates(Query query) {
    return query.map((row, context) -> candidate(row)).list();
  }

  private static Candidate candidate(ResultSet row) throws SQLException {
    String key = row.getString("limit_key");
    return new Candidate(
        row.getLong("id"),
        key == null ? Candidate.NO_KEY : key,
        row.getInt("weight"),
        JobRows.instant(row, "run_at"));
  }
}
