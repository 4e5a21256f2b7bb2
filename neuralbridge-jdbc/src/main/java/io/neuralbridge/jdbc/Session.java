package io.neuralbridge.jdbc;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** One transaction's view of the database. For one thread. */
final class Session {

  /** The store's time, in every dialect's SQL. */
  static final String NOW =
      "coalesce(cast(:now as timestamp(6) with time zone), current_timestamp)";

  private final Handle handle;
  private final @Nullable String now;
  private boolean writes;

  /**
   * @param now the store's time if a test sets it; null for the database's own clock
   */
  Session(Handle handle, @Nullable String now) {
    this.handle = handle;
    this.now = now;
  }

  @Nullable String now() {
    return now;
  }

  /** Whether a statement was made that may have changed something. */
  boolean writes() {
    return writes;
  }

  Query query(String sql) {
    return handle.createQuery(sql).bind("now", now);
  }

  Update update(String sql) {
    writes = true;
    return handle.createUpdate(sql).bind("now", now);
  }

  void execute(String sql) {
    handle.execute(sql);
  }

  PreparedBatch batch(String sql) {
    writes = true;
    return handle.prepareBatch(sql);
  }
}
