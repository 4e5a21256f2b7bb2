package io.neuralbridge.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
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

/**
 * Transactions on one database: READ COMMITTED, repeated when they lost against others, or lost
 * their connection before they were told to commit.
 */
final class Database {

  private static final int MAX_TRIES = 6;
  private static final String ISOLATE = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";

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

  /**
   * Runs {@code work} in one transaction; on return it is committed, and survives a kill.
   *
   * @throws DatabaseException with {@link DatabaseException#IN_DOUBT} if nobody can say whether it
   *     is committed
   */
  <T> T run(Function<Session, T> work) {
    return repeat(work, Attempt.Mode.TRANSACTION, true);
  }

  /**
   * Runs {@code work} in one transaction that a kill may undo, as long as nothing later was {@link
   * #run} either: for what is found out again at little cost. Differs from {@code run} on H2 in a
   * file only, where it saves writing pages.
   */
  <T> T runDeferred(Function<Session, T> work) {
    return repeat(work, Attempt.Mode.TRANSACTION, false);
  }

  /** Like {@link #run}, for what locks rows that others want: for a bounded time only. */
  <T> T runGuarded(Function<Session, T> work) {
    return run(guarded(work));
  }

  /** Like {@link #runGuarded} and {@link #runDeferred}. */
  <T> T runGuardedDeferred(Function<Session, T> work) {
    return runDeferred(guarded(work));
  }

  private <T> Function<Session, T> guarded(Function<Session, T> work) {
    return session -> {
      dialect.guard(session);
      return work.apply(session);
    };
  }

  /**
   * Like {@link #run}, for what is a single statement on a server: there it commits by itself. That
   * saves a round trip, and no lock is left behind when this process is stopped in the middle.
   */
  <T> T runStatement(Function<Session, T> work) {
    return repeat(work, Attempt.Mode.STATEMENT, true);
  }

  /** Like {@link #runStatement}, for what may be done twice, such as a read. */
  <T> T runRepeatable(Function<Session, T> work) {
    return repeat(work, Attempt.Mode.REPEATABLE_STATEMENT, true);
  }

  /** Like {@link #runRepeatable} and {@link #runDeferred}: a heartbeat. */
  <T> T runRepeatableDeferred(Function<Session, T> work) {
    return repeat(work, Attempt.Mode.REPEATABLE_STATEMENT, false);
  }

  /** Runs {@code work} once and in no transaction, for statements that refuse to be in one. */
  <T> T runAlone(Function<Session, T> work) {
    try (Handle handle = jdbi.open()) {
      Connection connection = handle.getConnection();
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try {
        return work.apply(new Session(handle, now()));
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    } catch (JdbiException | SQLException e) {
      throw explain(e);
    }
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
      throw explain(e);
    }
  }

  private <T> T repeat(Function<Session, T> work, Attempt.Mode mode, boolean lasting) {
    for (int tries = 1; ; tries++) {
      Attempt<T> attempt = new Attempt<>(work, mode);
      try {
        return once(attempt, lasting);
      } catch (JdbiException e) {
        SQLException cause = sqlCause(e);
        if (cause == null) {
          throw e;
        }
        Trouble trouble = Trouble.of(cause, dialect);
        if (tries == MAX_TRIES || !attempt.mayBeRepeatedAfter(trouble)) {
          throw explain(attempt.codeAfter(trouble), cause, e);
        }
        pause(tries);
      }
    }
  }

  private <T> T once(Attempt<T> attempt, boolean lasting) {
    try (Handle handle = jdbi.open()) {
      Session session = new Session(handle, now());
      T result = attempt.make(handle, session, dialect, isolate ? ISOLATE : null);
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

  private RuntimeException explain(Exception e) {
    SQLException cause = sqlCause(e);
    if (cause != null) {
      return explain(Trouble.of(cause, dialect).code(), cause, e);
    }
    return e instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(e);
  }

  private DatabaseException explain(String code, SQLException cause, Exception e) {
    return new DatabaseException(
        code,
        "%s: %s (SQLState %s)".formatted(dialect.name(), cause.getMessage(), cause.getSQLState()),
        e);
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
