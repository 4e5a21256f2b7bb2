package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Leadership;
import io.neuralbridge.queue.Term;
import java.time.Duration;
import java.util.Optional;

/** {@link Leadership} in a database. */
final class JdbcLeadership implements Leadership {

  private final Database database;

  JdbcLeadership(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Term> elect(String duty, long node, Duration timeToLive) {
    return database.runGuardedDeferred(
        session -> LeaderStatements.elect(session, duty, node, timeToLive));
  }

  @Override
  public void resign(Term term) {
    database.runRepeatableDeferred(session -> LeaderStatements.resign(session, term));
  }

  @Override
  public Optional<Term> current(String duty) {
    return database.runRepeatable(session -> LeaderStatements.current(session, duty));
  }
}
