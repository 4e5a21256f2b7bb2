package io.neuralbridge.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jspecify.annotations.Nullable;

/** Transactions on one database: READ COMMITTED, repeated when they only lost against others. */
final class Database {

  private static final int MAX_TRIES = 6;
  private static final String ISOLATE = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
  private static final Set<String> UNAVAILABLE_STATES =
      Set.of("57P01", "57P02", "57P03", "53300", "53100", "53200", "25006");

  final Dialect dialect;
  private final Jdbi jdbi;
  private final @Nullable InstantSource clock;
  private final boolean isolate;
  private final @Nullable Checkpoints checkpoints;

  /**
   * @param clock the store's time, for tests; null for the database's own
   * @param isolate whether connections come with another isolation than READ COMMITTED
   * @param checkpoint whether a commit is only in the file after a checkpoint (H2)
   */
  Database(
      DataSource dataSource,
      Dialect dialect,
      @Nullable InstantSource clock,
      boolean isolate,
      boolean checkpoint) {
    this.dialect = dialect;
    this.clock = clock;
    this.isolate = isolate;
    this.checkpoints = checkpoint ? new Checkpoints() : null;
    this.jdbi = configure(Jdbi.create(dataSource));
  }

  private Jdbi configure(Jdbi jdbi) {
    jdbi.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
    jdbi.define("now", Session.NOW);
    jdbi.define("job", JobRows.JOB);
    jdbi.define("lasting", JobRows.LASTING);
    jdbi.define("unneeded", PruneStatements.UNNEEDED);
    dialect.configure(jdbi);
    return jdbi;
  }

  /** Runs {@code work} in one transaction; on return it is committed, and survives a kill. */
  <T> T run(Function<Session, T> work) {
    return repeat(work, true);
  }

  /**
   * Runs {@code work} in one transaction that a kill may undo, as long as nothing later was {@link
   * #run} either: for what is found out again at little cost. Differs from {@code run} on H2 in a
   * file only, where it saves writing pages.
   */
  <T> T runDeferred(Function<Session, T> work) {
    return repeat(work, false);
  }

  /** Makes everything survive a kill that was committed before. */
  void makeLasting() {
    if (checkpoints != null) {
      try (Handle handle = jdbi.open()) {
        checkpoints.await(handle);
      }
    }
  }

  /**
   * Runs {@code work} in a transaction that the caller has begun. It is neither ended nor tried
   * again, nothing is set on it, and the connection stays open.
   */
  <T> T join(Connection connection, Function<Session, T> work) {
    Jdbi callers = configure(Jdbi.create(connection));
    callers.getConfig(Handles.class).setForceEndTransactions(false);
    try (Handle handle = callers.open()) {
      return work.apply(new Session(handle, now()));
    } catch (JdbiException e) {
      SQLException cause = sqlCause(e);
      throw cause == null ? e : explain(cause, e);
    }
  }

  private <T> T repeat(Function<Session, T> work, boolean lasting) {
    for (int tries = 1; ; tries++) {
      try {
        return once(work, lasting);
      } catch (JdbiException e) {
        SQLException cause = sqlCause(e);
        if (cause == null) {
          throw e;
        }
        if (!dialect.isConflict(cause) || tries == MAX_TRIES) {
          throw explain(cause, e);
        }
        pause(tries);
      }
    }
  }

  private <T> T once(Function<Session, T> work, boolean lasting) {
    try (Handle handle = jdbi.open()) {
      Session session = new Session(handle, now());
      T result =
          handle.inTransaction(
              transaction -> {
                if (isolate) {
                  transaction.execute(ISOLATE);
                }
                return work.apply(session);
              });
      if (lasting && checkpoints != null && session.writes()) {
        checkpoints.await(handle);
      }
      return result;
    }
  }

  private @Nullable String now() {
    return clock == null ? null : SqlText.instant(clock.instant());
  }

  // Doubles from 2 ms, with jitter: whoever it lost against is usually gone within a transaction.
  private static void pause(int tries) {
    long most = TimeUnit.MILLISECONDS.toNanos(2L << tries);
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 2, most));
  }

  private DatabaseException explain(SQLException cause, JdbiException e) {
    String code =
        dialect.isConflict(cause)
            ? DatabaseException.CONFLICT
            : isUnavailable(cause) ? DatabaseException.UNAVAILABLE : DatabaseException.FAILED;
    return new DatabaseException(
        code,
        "%s: %s (SQLState %s)".formatted(dialect.name(), cause.getMessage(), cause.getSQLState()),
        e);
  }

  static boolean isUnavailable(SQLException cause) {
    String state = String.valueOf(cause.getSQLState());
    return state.startsWith("08")
        || UNAVAILABLE_STATES.contains(state)
        || cause instanceof java.sql.SQLTransientException
        || cause instanceof java.sql.SQLRecoverableException;
  }

  static @Nullable SQLException sqlCause(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
