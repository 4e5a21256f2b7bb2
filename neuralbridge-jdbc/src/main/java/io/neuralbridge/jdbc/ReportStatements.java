package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobLogLine;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.queue.JobReport;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.slf4j.event.Level;

/** Progress and logs of jobs. Statements that all databases take, each for a batch of jobs. */
final class ReportStatements {

  // Not locked: a node that loses its lease just now wrote its last words in time.
  private static final String HELD =
      """
      SELECT j.id, j.token,
             coalesce((SELECT max(l.line) FROM nb_job_log l WHERE l.job_id = j.id), 0) AS last_line
      FROM nb_job j
      WHERE j.id = ANY(cast(:ids AS bigint array)) AND j.token IS NOT NULL
      """;

  private static final String DELETE_PROGRESS =
      """
      DELETE FROM nb_job_progress WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String INSERT_PROGRESS =
      """
      INSERT INTO nb_job_progress (job_id, attempt, fraction, message, reported_at)
      SELECT v.job_id, v.attempt, cast(v.fraction AS double precision), v.message,
             cast(v.reported_at AS timestamp(6) with time zone)
      FROM unnest(
             cast(:ids AS bigint array), cast(:attempts AS integer array),
             cast(:fractions AS varchar array), cast(:messages AS varchar array),
             cast(:times AS varchar array))
           AS v(job_id, attempt, fraction, message, reported_at)
      """;

  private static final String INSERT_LINES =
      """
      INSERT INTO nb_job_log (job_id, line, attempt, logged_at, level, text)
      SELECT v.job_id, v.line, v.attempt, cast(v.logged_at AS timestamp(6) with time zone),
             v.level, v.text
      FROM unnest(
             cast(:ids AS bigint array), cast(:lines AS bigint array),
             cast(:attempts AS integer array), cast(:times AS varchar array),
             cast(:levels AS integer array), cast(:texts AS varchar array))
           AS v(job_id, line, attempt, logged_at, level, text)
      """;

  private static final String MAKE_ROOM =
      """
      DELETE FROM nb_job_log WHERE job_id = :id AND line <= :last
      """;

  private static final String DELETE_LOG =
      """
      DELETE FROM nb_job_log WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String PROGRESS =
      """
      SELECT attempt, fraction, message, reported_at FROM nb_job_progress WHERE job_id = :id
      """;

  private static final String LOG =
      """
      SELECT line, attempt, logged_at, level, text
      FROM nb_job_log WHERE job_id = :id ORDER BY line
      """;

  /** A report whose lease still holds, and the last line that is stored of its job. */
  private record Accepted(JobReport report, long lastLine) {

    long jobId() {
      return report.jobId();
    }

    /** Lines up to here have to go. */
    long lastToGo() {
      JobLog log = report.log();
      boolean hole = log.dropped() > 0;
      return hole ? lastLine : lastLine + log.lines().size() - JobLog.MAX_LINES;
    }

    Stream<Line> lines() {
      long first = lastLine + report.log().dropped() + 1;
      List<JobLogLine> lines = report.log().lines();
      return IntStream.range(0, lines.size())
          .mapToObj(i -> new Line(jobId(), first + i, lines.get(i)));
    }
  }

  private record Line(long jobId, long number, JobLogLine line) {}

  private ReportStatements() {}

  /** Stores the reports of leases that still hold; returns their jobs. */
  static Set<Long> save(Session session, List<JobReport> reports) {
    List<Accepted> accepted = accepted(session, reports);
    Set<Long> ids = accepted.stream().map(Accepted::jobId).collect(Collectors.toSet());
    saveProgress(session, accepted);
    saveLines(session, accepted.stream().flatMap(Accepted::lines).toList());
    makeRoom(session, accepted.stream().filter(each -> each.lastToGo() > 0).toList());
    return ids;
  }

  private static List<Accepted> accepted(Session session, List<JobReport> reports) {
    Map<JobRows.Key, JobReport> byLease = new TreeMap<>();
    reports.forEach(report -> byLease.put(new JobRows.Key(report.jobId(), report.token()), report));
    return session
        .query(HELD)
        .bindArray("ids", Long.class, byLease.keySet().stream().map(JobRows.Key::id).toList())
        .map((row, context) -> accepted(row, byLease))
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Accepted> accepted(ResultSet row, Map<JobRows.Key, JobReport> byLease)
      throws SQLException {
    long lastLine = row.getLong("last_line");
    return Optional.ofNullable(byLease.get(JobRows.Key.of(row)))
        .map(report -> new Accepted(report, lastLine));
  }

  private static void saveProgress(Session session, List<Accepted> accepted) {
    Map<Long, JobProgress> progress = new TreeMap<>();
    for (Accepted each : accepted) {
      if (each.report().progress() != null) {
        progress.put(each.jobId(), each.report().progress());
      }
    }
    if (!progress.isEmpty()) {
      delete(session, DELETE_PROGRESS, progress.keySet());
      List<JobProgress> all = List.copyOf(progress.values());
      session
          .update(INSERT_PROGRESS)
          .bindArray("ids", Long.class, progress.keySet())
          .bindArray("attempts", Integer.class, column(all, JobProgress::attempt))
          .bindArray("fractions", String.class, column(all, p -> Double.toString(p.fraction())))
          .bindArray("messages", String.class, column(all, p -> SqlText.clean(p.message())))
          .bindArray("times", String.class, column(all, p -> SqlText.instant(p.at())))
          .execute();
    }
  }

  private static void saveLines(Session session, List<Line> lines) {
    if (!lines.isEmpty()) {
      session
          .update(INSERT_LINES)
          .bindArray("ids", Long.class, column(lines, Line::jobId))
          .bindArray("lines", Long.class, column(lines, Line::number))
          .bindArray("attempts", Integer.class, column(lines, each -> each.line().attempt()))
          .bindArray(
              "times", String.class, column(lines, each -> SqlText.instant(each.line().at())))
          .bindArray("levels", Integer.class, column(lines, each -> each.line().level().toInt()))
          .bindArray(
              "texts", String.class, column(lines, each -> SqlText.clean(each.line().text())))
          .execute();
    }
  }

  private static <V, C> List<C> column(List<V> rows, Function<V, C> column) {
    return rows.stream().map(column).toList();
  }

  private static void makeRoom(Session session, List<Accepted> full) {
    if (!full.isEmpty()) {
      PreparedBatch batch = session.batch(MAKE_ROOM);
      full.forEach(each -> batch.bind("id", each.jobId()).bind("last", each.lastToGo()).add());
      batch.execute();
    }
  }

  static Optional<JobProgress> progress(Session session, long jobId) {
    return session
        .query(PROGRESS)
        .bind("id", jobId)
        .map(
            (row, context) ->
                new JobProgress(
                    row.getInt("attempt"),
                    row.getDouble("fraction"),
                    row.getString("message"),
                    JobRows.instant(row, "reported_at")))
        .findOne();
  }

  static JobLog log(Session session, long jobId) {
    List<Line> lines =
        session.query(LOG).bind("id", jobId).map((row, context) -> line(jobId, row)).list();
    long dropped = lines.isEmpty() ? 0 : lines.get(0).number() - 1;
    return new JobLog(dropped, column(lines, Line::line));
  }

  private static Line line(long jobId, ResultSet row) throws SQLException {
    JobLogLine line =
        new JobLogLine(
            row.getInt("attempt"),
            JobRows.instant(row, "logged_at"),
            Level.intToLevel(row.getInt("level")),
            row.getString("text"));
    return new Line(jobId, row.getLong("line"), line);
  }

  /** Deletes what was reported of jobs that are deleted. */
  static void delete(Session session, Collection<Long> jobIds) {
    delete(session, DELETE_PROGRESS, jobIds);
    delete(session, DELETE_LOG, jobIds);
  }

  private static void delete(Session session, String sql, Collection<Long> jobIds) {
    session.update(sql).bindArray("ids", Long.class, jobIds).execute();
  }
}
