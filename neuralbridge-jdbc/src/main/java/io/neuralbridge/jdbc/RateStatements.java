package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.RateLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;

/** One rate bucket's statements. Levels below zero are owed. */
final class RateStatements {

  private static final String LEAST_REQUESTS =
      "least(:requestsAtOnce, requests + <elapsed> * :requestsRate)";
  private static final String LEAST_TOKENS =
      "least(:tokensAtOnce, tokens + <elapsed> * :tokensRate)";
  private static final String CLOSED = "extract(epoch FROM (closed_until - <now>))";

  private static final String TAKE =
      expand(
          """
          UPDATE nb_rate_bucket
          SET requests = <requestsNow> - :requests,
              tokens = <tokensNow> - :tokens,
              refilled_at = greatest(refilled_at, <now>)
          WHERE name = :name
            AND <requestsNow> >= -:mostSeconds * :requestsRate
            AND <tokensNow> >= -:mostSeconds * :tokensRate
            AND <closed> <= :mostSeconds
          """);

  private static final String LEVEL = expand("requests, tokens, <closed> AS closed");

  private static final String TAKE_RETURNING = TAKE + "RETURNING " + LEVEL;

  private static final String TAKE_FINAL = "SELECT " + LEVEL + " FROM FINAL TABLE (" + TAKE + ")";

  private static final String LOOK =
      expand(
          """
          SELECT <requestsNow> AS requests, <tokensNow> AS tokens, <closed> AS closed
          FROM nb_rate_bucket
          WHERE name = :name
          """);

  private static final String CREATE =
      """
      INSERT INTO nb_rate_bucket (name, requests, tokens, refilled_at, closed_until)
      SELECT :name, :requestsAtOnce, :tokensAtOnce, <now>,
             timestamp with time zone '1970-01-01 00:00:00+00'
      WHERE NOT EXISTS (SELECT 1 FROM nb_rate_bucket WHERE name = :name)
      <or_nothing>
      """;

  private static final String ADD =
      expand(
          """
          UPDATE nb_rate_bucket
          SET requests = least(:requestsAtOnce, <requestsNow> + :requests),
              tokens = least(:tokensAtOnce, <tokensNow> + :tokens),
              refilled_at = greatest(refilled_at, <now>)
          WHERE name = :name
          """);

  private static final String LOWER =
      expand(
          """
          UPDATE nb_rate_bucket
          SET requests = least(<requestsNow>, :requests),
              tokens = least(<tokensNow>, :tokens),
              refilled_at = greatest(refilled_at, <now>)
          WHERE name = :name
          """);

  private static final String CLOSE =
      """
      UPDATE nb_rate_bucket SET closed_until = greatest(closed_until, <later>) WHERE name = :name
      """;

  private final String name;
  private final RateLimits limits;

  RateStatements(String name, RateLimits limits) {
    this.name = name;
    this.limits = limits;
  }

  private static String expand(String sql) {
    return sql.replace("<requestsNow>", LEAST_REQUESTS)
        .replace("<tokensNow>", LEAST_TOKENS)
        .replace("<closed>", CLOSED)
        .replace("<elapsed>", "greatest(0, extract(epoch FROM (<now> - refilled_at)))");
  }

  /** What a bucket holds, and for how many seconds it is closed. */
  record Level(double requests, double tokens, double closedSeconds) {

    Level plus(double moreRequests, double moreTokens) {
      return new Level(requests + moreRequests, tokens + moreTokens, closedSeconds);
    }

    Duration delay(RateLimits limits) {
      Duration owed = limits.untilCovered(requests, tokens);
      Duration closed = Duration.ofNanos((long) Math.max(0, closedSeconds * 1e9));
      return closed.compareTo(owed) > 0 ? closed : owed;
    }
  }

  /** What is left after taking; nothing if there is no such bucket, or it has too little. */
  Optional<Level> take(
      Session session, double requests, double tokens, Duration mostWait, boolean returning) {
    return bound(session.query(returning ? TAKE_RETURNING : TAKE_FINAL))
        .bind("requests", requests)
        .bind("tokens", tokens)
        .bind("mostSeconds", mostWait.toNanos() / 1e9)
        .map((row, context) -> level(row))
        .findOne();
  }

  Optional<Level> look(Session session) {
    return bound(session.query(LOOK)).map((row, context) -> level(row)).findOne();
  }

  private static Level level(ResultSet row) throws SQLException {
    return new Level(row.getDouble("requests"), row.getDouble("tokens"), row.getDouble("closed"));
  }

  int create(Session session) {
    return bound(session.update(CREATE)).execute();
  }

  int add(Session session, double requests, double tokens) {
    return bound(session.update(ADD)).bind("requests", requests).bind("tokens", tokens).execute();
  }

  int lower(Session session, double requests, double tokens) {
    return bound(session.update(LOWER)).bind("requests", requests).bind("tokens", tokens).execute();
  }

  int close(Session session, Duration wait) {
    return bound(session.update(CLOSE)).bind("delay", wait.toNanos() / 1_000).execute();
  }

  private <S extends SqlStatement<S>> S bound(S statement) {
    return statement
        .bind("name", name)
        .bind("requestsRate", limits.requestsPerSecond())
        .bind("requestsAtOnce", limits.requestsAtOnce())
        .bind("tokensRate", limits.tokensPerSecond())
        .bind("tokensAtOnce", limits.tokensAtOnce());
  }
}
