package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The tables as a test looks into them; a look waits until the database answers. */
final class ChaosStore {

  /** A job that has ended; {@code run} is the run whose outcome was accepted. */
  record Ended(long id, int state, int attempt, int crashes, String run, int number) {}

  private static final String LEASED =
      """
      SELECT id FROM nb_job
      WHERE state = 1 AND node_id IN (SELECT id FROM nb_node WHERE name = :node)
      """;

  private static final String IS_QUIET =
      """
      SELECT count(*) = 0 FROM pg_stat_activity
      WHERE application_name = :node AND (:gone OR state = 'active')
      """;

  private static final String IS_GIVEN_UP =
      """
      SELECT NOT EXISTS (SELECT 1 FROM nb_node WHERE name = :node)
         AND NOT EXISTS (SELECT 1 FROM nb_job WHERE state = 1
                         AND node_id NOT IN (SELECT id FROM nb_node))
      """;

  private static final String ENDED =
      """
      SELECT id, state, attempt, crashes, trim('"' from result) AS run,
             cast(substring(args from '"number":(\\d+)') AS integer) AS number
      FROM nb_job_history
      """;

  private static final String STORED =
      """
      SELECT count(*) FROM (SELECT args FROM nb_job UNION ALL SELECT args FROM nb_job_history) j
      WHERE args LIKE :start
      """;

  private final Jdbi jdbi;

  ChaosStore(HikariDataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  private <T> T ask(Function<Handle, T> question) {
    for (int tries = 1; ; tries++) {
      try {
        return jdbi.withHandle(question::apply);
      } catch (RuntimeException e) {
        SQLException cause = Database.sqlCause(e);
        if (cause == null
            || Trouble.of(cause, new PostgresDialect()) == Trouble.FAILED
            || tries == 100) {
          throw e;
        }
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  Instant now() {
    return ask(
        db ->
            db.createQuery("SELECT clock_timestamp()")
                .mapTo(OffsetDateTime.class)
                .one()
                .toInstant());
  }

  Set<Long> leasedBy(String node) {
    return ask(
        db -> new HashSet<>(db.createQuery(LEASED).bind("node", node).mapTo(Long.class).list()));
  }

  /**
   * Whether nothing that a node began is still under way in the server.
   *
   * @param gone whether its connections must be gone too
   */
  boolean isQuiet(String node, boolean gone) {
    return ask(
        db ->
            db.createQuery(IS_QUIET)
                .bind("node", node)
                .bind("gone", gone)
                .mapTo(Boolean.class)
                .one());
  }

  /** Whether a node was declared dead, and all that dead nodes held is free again. */
  boolean isGivenUp(String node) {
    return ask(db -> db.createQuery(IS_GIVEN_UP).bind("node", node).mapTo(Boolean.class).one());
  }

  int countEnded() {
    return ask(
        db -> db.createQuery("SELECT count(*) FROM nb_job_history").mapTo(Integer.class).one());
  }

  int countLive() {
    return ask(db -> db.createQuery("SELECT count(*) FROM nb_job").mapTo(Integer.class).one());
  }

  /** For the message of a failure, which no failure to count may hide. */
  String progress() {
    try {
      return "%d jobs have ended, %d are live".formatted(countEnded(), countLive());
    } catch (RuntimeException e) {
      return "the jobs cannot be counted: " + e;
    }
  }

  boolean isStored(int number) {
    return ask(
        db ->
            db.createQuery(STORED)
                    .bind("start", "{\"number\":" + number + ",%")
                    .mapTo(Integer.class)
                    .one()
                > 0);
  }

  Map<Long, Ended> ended() {
    List<Ended> rows =
        ask(
            db ->
                db.createQuery(ENDED)
                    .map(
                        (row, context) ->
                            new Ended(
                                row.getLong("id"),
                                row.getInt("state"),
                                row.getInt("attempt"),
                                row.getInt("crashes"),
                                row.getString("run"),
                                row.getInt("number")))
                    .list());
    return rows.stream().collect(Collectors.toMap(Ended::id, ended -> ended));
  }
}
