package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.RateBuckets;
import io.neuralbridge.embedding.RateLimits;
import io.neuralbridge.jdbc.RateStatements.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Rate buckets in a database, by its clock: each verb one statement on one row. */
final class JdbcRateBuckets implements RateBuckets {

  private final Database database;

  JdbcRateBuckets(Database database) {
    this.database = database;
  }

  @Override
  public Take take(
      String bucket, RateLimits limits, double requests, double tokens, Duration mostWait) {
    RateStatements statements = new RateStatements(bucket, limits);
    Function<Session, Optional<Level>> take =
        session ->
            statements.take(
                session, requests, tokens, mostWait, database.dialect.verbsAreStatements());
    Optional<Level> after = database.runStatement(take);
    if (after.isEmpty()) {
      Optional<Level> level = database.runRepeatable(statements::look);
      if (level.isPresent()) {
        Duration delay = level.get().delay(limits);
        // It was made, or given back, in between.
        return new Take(false, delay.isZero() ? Duration.ofMillis(1) : delay);
      }
      database.runStatement(statements::create);
      after = database.runStatement(take);
    }
    return after
        .map(level -> new Take(true, level.plus(requests, tokens).delay(limits)))
        .orElseGet(() -> new Take(false, Duration.ofMillis(1)));
  }

  @Override
  public void giveBack(String bucket, RateLimits limits, double requests, double tokens) {
    change(bucket, limits, (statements, session) -> statements.add(session, requests, tokens));
  }

  @Override
  public void lower(String bucket, RateLimits limits, double requests, double tokens) {
    change(bucket, limits, (statements, session) -> statements.lower(session, requests, tokens));
  }

  @Override
  public void close(String bucket, RateLimits limits, Duration wait) {
    change(bucket, limits, (statements, session) -> statements.close(session, wait));
  }

  /** How many rows changed: none if there is no such bucket yet. */
  private interface Change {
    int make(RateStatements statements, Session session);
  }

  private void change(String bucket, RateLimits limits, Change change) {
    RateStatements statements = new RateStatements(bucket, limits);
    if (database.runStatement(session -> change.make(statements, session)) == 0) {
      database.runStatement(statements::create);
      database.runStatement(session -> change.make(statements, session));
    }
  }
}
