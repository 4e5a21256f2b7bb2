package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads that change nothing; each is one statement, so that it sees one moment. */
final class ReadStatements {

  private static final String FIND =
      """
      SELECT <job>, cast(NULL AS timestamp(6) with time zone) AS finished_at, cast(NULL AS text) AS result
      FROM nb_job j WHERE j.id = ANY(cast(:ids AS bigint array))
      UNION ALL
      SELECT <job>, j.finished_at, j.result
      FROM nb_job_history j WHERE j.id = ANY(cast(:ids AS bigint array))
      ORDER BY id
      """;

  private static final String LIVE =
      """
      SELECT id FROM nb_job WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String ERRORS =
      """
      SELECT attempt, failed_at, code, message, trace
      FROM nb_job_error WHERE job_id = :id ORDER BY attempt
      """;

  private static final String COUNTS =
      """
      SELECT state, due, tried, count(*) AS jobs
      FROM (SELECT state, run_at <= <now> AS due, attempt > 0 AS tried FROM nb_job) j
      GROUP BY state, due, tried
      UNION ALL
      SELECT state, true, true, count(*) FROM nb_job_history GROUP BY state
      """;

  private ReadStatements() {}

  static List<Job> find(Session session, Set<Long> ids) {
    return session
        .query(FIND)
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> JobRows.liveOrEnded(row))
        .list();
  }

  static List<Long> live(Session session, Set<Long> ids) {
    return session.query(LIVE).bindArray("ids", Long.class, ids).mapTo(Long.class).list();
  }

  static List<JobError> errors(Session session, long id) {
    return session.query(ERRORS).bind("id", id).map((row, context) -> JobRows.error(row)).list();
  }

  static Map<JobState, Long> counts(Session session) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, 0L);
    }
    session
        .query(COUNTS)
        .map((row, context) -> Map.entry(stateOf(row), row.getLong("jobs")))
        .forEach(count -> counts.merge(count.getKey(), count.getValue(), Long::sum));
    return counts;
  }

  static JobState stateOf(ResultSet row) throws SQLException {
    return JobRows.state(
        row.getInt("state"), row.getBoolean("due"), row.getBoolean("tried") ? 1 : 0);
  }
}
