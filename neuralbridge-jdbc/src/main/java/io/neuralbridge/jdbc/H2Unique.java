package io.neuralbridge.jdbc;

import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.UniqueKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Unique keys in H2's words: one by one, since round trips cost nothing. */
final class H2Unique {

  private static final String DRAW_IDS =
      """
      SELECT NEXT VALUE FOR nb_job_id FROM system_range(1, :count)
      """;

  private static final String LOCK =
      """
      SELECT job_id, expires_at <= <now> AS expired
      FROM nb_job_unique WHERE unique_key = :key FOR UPDATE
      """;

  private static final String INSERT =
      """
      INSERT INTO nb_job_unique (unique_key, job_id, unique_while, expires_at)
      VALUES (:key, :id, :scope, %s)
      """;

  private static final String TAKE_OVER =
      """
      UPDATE nb_job_unique SET job_id = :id, unique_while = :scope, expires_at = %s
      WHERE unique_key = :key
      """;

  private static final String EXPIRY =
      "coalesce(cast(:until AS timestamp(6) with time zone),"
          + " dateadd(microsecond, cast(:period AS bigint), <now>))";

  private record Row(long jobId, boolean expired) {

    static Row of(ResultSet row) throws SQLException {
      return new Row(row.getLong("job_id"), row.getBoolean("expired"));
    }
  }

  private H2Unique() {}

  static List<Long> drawIds(Session session, int count) {
    return session.query(DRAW_IDS).bind("count", count).mapTo(Long.class).list();
  }

  static Set<String> takeKeys(Session session, List<KeyWish> wishes) {
    Set<String> taken = new HashSet<>();
    for (KeyWish wish : wishes) {
      if (take(session, wish)) {
        taken.add(wish.key());
      }
    }
    return taken;
  }

  private static boolean take(Session session, KeyWish wish) {
    while (true) {
      Optional<Row> row = lock(session, wish.key());
      if (row.isEmpty()) {
        if (insert(session, wish)) {
          return true;
        }
        continue;
      }
      boolean free = row.get().expired() || row.get().jobId() == wish.jobId();
      if (free) {
        bind(session.update(TAKE_OVER.formatted(EXPIRY)), wish).execute();
      }
      return free;
    }
  }

  private static Optional<Row> lock(Session session, String key) {
    return session.query(LOCK).bind("key", key).map((row, context) -> Row.of(row)).findOne();
  }

  // False if another transaction has inserted it since we looked.
  private static boolean insert(Session session, KeyWish wish) {
    try {
      bind(session.update(INSERT.formatted(EXPIRY)), wish).execute();
      return true;
    } catch (JdbiException e) {
      SQLException cause = Database.sqlCause(e);
      if (cause != null && cause.getErrorCode() == ErrorCode.DUPLICATE_KEY_1) {
        return false;
      }
      throw e;
    }
  }

  private static Update bind(Update statement, KeyWish wish) {
    return statement
        .bind("key", wish.key())
        .bind("id", wish.jobId())
        .bind("scope", wish.scope())
        .bind("period", wish.period())
        .bind("until", wish.until());
  }

  /** What an insertion of jobs says more if some of them have a key. */
  static PreparedBatch columns(PreparedBatch insert, @Nullable List<Long> ids) {
    String columns = "id, unique_key, unique_while, unique_until, ";
    String values =
        ":id, :uniqueKey, :scope, dateadd(microsecond, cast(:period AS bigint), %s), "
            .formatted(Session.NOW);
    return insert
        .define("unique", ids == null ? "" : columns)
        .define("uniqueValues", ids == null ? "" : values);
  }

  static PreparedBatch bind(PreparedBatch insert, NewJob job, @Nullable Long id) {
    UniqueKey key = job.unique();
    return insert
        .bind("id", id)
        .bind("uniqueKey", KeyWish.value(job))
        .bind("scope", key == null ? null : Integer.valueOf(KeyWish.stored(key.scope())))
        .bind("period", key == null ? null : KeyWish.micros(key));
  }
}
