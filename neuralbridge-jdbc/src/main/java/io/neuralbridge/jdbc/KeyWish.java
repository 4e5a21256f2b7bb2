package io.neuralbridge.jdbc;

import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.UniqueKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job's wish for its unique key.
 *
 * @param scope a {@link Unique.Scope}, as it is stored
 * @param period how long it is held at most, in microseconds from now, or null
 * @param until the instant until which it is held at most, or null
 * @param replaces whether a job that has the key is to be changed
 */
record KeyWish(
    String key,
    long jobId,
    int scope,
    @Nullable Long period,
    @Nullable String until,
    boolean replaces) {

  private static final List<Unique.Scope> SCOPES =
      List.of(
          Unique.Scope.WAITING,
          Unique.Scope.INCOMPLETE,
          Unique.Scope.SUCCESSFUL,
          Unique.Scope.KEPT);

  static KeyWish of(UniqueKey key, long jobId, boolean replaces) {
    return new KeyWish(key.value(), jobId, stored(key.scope()), micros(key), null, replaces);
  }

  /** Of a job that has ended and is to live again. */
  static KeyWish again(ResultSet row) throws SQLException {
    var until = JobRows.instantOrNull(row, "unique_until");
    return new KeyWish(
        row.getString("unique_key"),
        row.getLong("id"),
        row.getInt("unique_while"),
        null,
        SqlText.instantOrNull(until),
        false);
  }

  static @Nullable Long micros(UniqueKey key) {
    return key.period() == null ? null : SqlText.micros(key.period());
  }

  static int stored(Unique.Scope scope) {
    return SCOPES.indexOf(scope);
  }

  static Unique.Scope scope(int stored) {
    return SCOPES.get(stored);
  }

  static @Nullable String value(NewJob job) {
    return job.unique() == null ? null : job.unique().value();
  }
}
