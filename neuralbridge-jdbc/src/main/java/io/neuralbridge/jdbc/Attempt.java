package io.neuralbridge.jdbc;

import java.sql.SQLException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/** One try of a transaction, and how far it came: that decides whether it may be made again. */
final class Attempt<T> {

  /** How a transaction is made. */
  enum Mode {
    /** Told to commit in the end. */
    TRANSACTION,
    /** One statement, which commits by itself where the dialect says so. */
    STATEMENT,
    /** The same, and doing it twice does no harm. */
    REPEATABLE_STATEMENT
  }

  private enum Stage {
    /** No connection yet. */
    BEFORE,
    /** Nothing is committed. */
    OPEN,
    /** Perhaps it is committed: nobody has answered yet. */
    COMMITTING,
    COMMITTED
  }

  private final Function<Session, T> work;
  private final Mode mode;
  private Stage stage = Stage.BEFORE;

  Attempt(Function<Session, T> work, Mode mode) {
    this.work = work;
    this.mode = mode;
  }

  /**
   * @param isolate a statement to begin a transaction with, if it needs one
   */
  T make(Handle handle, Session session, Dialect dialect, @Nullable String isolate) {
    stage = Stage.OPEN;
    try {
      boolean alone = mode != Mode.TRANSACTION && isolate == null && dialect.verbsAreStatements();
      T result =
          alone && !handle.isInTransaction() ? alone(session) : commit(handle, session, isolate);
      stage = Stage.COMMITTED;
      return result;
    } catch (JdbiException e) {
      dropIfReadOnly(handle, e, dialect);
      throw e;
    }
  }

  private T alone(Session session) {
    stage = mode == Mode.STATEMENT ? Stage.COMMITTING : Stage.OPEN;
    return work.apply(session);
  }

  private T commit(Handle handle, Session session, @Nullable String isolate) {
    return handle.inTransaction(
        transaction -> {
          if (isolate != null) {
            transaction.execute(isolate);
          }
          T result = work.apply(session);
          stage = mode == Mode.REPEATABLE_STATEMENT ? Stage.OPEN : Stage.COMMITTING;
          return result;
        });
  }

  // A pool would hand it out again and again, though the server behind it is not the primary any
  // more.
  private static void dropIfReadOnly(Handle handle, JdbiException e, Dialect dialect) {
    SQLException cause = Database.sqlCause(e);
    if (cause != null && Trouble.of(cause, dialect) == Trouble.READ_ONLY) {
      try {
        handle.getConnection().abort(Runnable::run);
      } catch (SQLException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
    }
  }

  boolean mayBeRepeatedAfter(Trouble trouble) {
    return switch (trouble) {
      case CONFLICT -> stage != Stage.COMMITTED;
      case BROKEN, READ_ONLY -> stage == Stage.OPEN;
      case UNAVAILABLE, FAILED -> false;
    };
  }

  /** The code to report. */
  String codeAfter(Trouble trouble) {
    boolean inDoubt =
        stage == Stage.COMMITTED || (stage == Stage.COMMITTING && trouble == Trouble.BROKEN);
    return inDoubt ? DatabaseException.IN_DOUBT : trouble.code();
  }
}
