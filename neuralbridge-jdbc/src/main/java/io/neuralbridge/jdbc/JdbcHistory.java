package io.neuralbridge.jdbc;

import io.neuralbridge.job.ArchivedJob;
import io.neuralbridge.queue.EndedJob;
import io.neuralbridge.queue.History;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link History} in a database. */
final class JdbcHistory implements History {

  private final Database database;

  JdbcHistory(Database database) {
    this.database = database;
  }

  @Override
  public List<EndedJob> ended(Duration age, @Nullable EndedJob after, int limit) {
    return database.runRepeatable(session -> PruneStatements.ended(session, age, after, limit));
  }

  @Override
  public List<ArchivedJob> read(List<EndedJob> jobs) {
    return jobs.isEmpty()
        ? List.of()
        : database.runRepeatable(session -> PruneStatements.read(session, jobs));
  }

  @Override
  public int delete(List<EndedJob> jobs) {
    return jobs.isEmpty()
        ? 0
        : database.runGuardedDeferred(session -> PruneStatements.delete(session, jobs));
  }

  @Override
  public int deleteFlows(Duration age, int limit) {
    return database.runGuardedDeferred(session -> FlowStatements.prune(session, age, limit));
  }
}
