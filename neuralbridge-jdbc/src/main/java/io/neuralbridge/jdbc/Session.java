package io.neuralbridge.jdbc;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * One transaction's view of the database.
 *
 * @param now the store's time if a test sets it; null for the database's own clock
 */
record Session(Handle handle, @Nullable String now) {

  /** The store's time, in every dialect's SQL. */
  static final String NOW =
      "coalesce(cast(:now as timestamp(6) with time zone), current_timestamp)";

  Query query(String sql) {
    return handle.createQuery(sql).bind("now", now);
  }

  Update update(String sql) {
    return handle.createUpdate(sql).bind("now", now);
  }

  PreparedBatch batch(String sql) {
    return handle.prepareBatch(sql);
  }
}
