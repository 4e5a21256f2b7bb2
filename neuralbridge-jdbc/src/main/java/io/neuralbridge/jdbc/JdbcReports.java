package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.queue.JobReport;
import io.neuralbridge.queue.JobReports;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Progress and logs in a database. A kill may take the last second of them, but none that came
 * before an outcome that is stored.
 */
final class JdbcReports implements JobReports {

  private final Database database;

  JdbcReports(Database database) {
    this.database = database;
  }

  @Override
  public Set<Long> save(List<JobReport> reports) {
    return reports.isEmpty()
        ? Set.of()
        : database.runGuardedDeferred(session -> ReportStatements.save(session, reports));
  }

  @Override
  public Optional<JobProgress> progress(long jobId) {
    return database.run(session -> ReportStatements.progress(session, jobId));
  }

  @Override
  public JobLog log(long jobId) {
    return database.run(session -> ReportStatements.log(session, jobId));
  }
}
