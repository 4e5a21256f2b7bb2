package io.neuralbridge.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/** What an exception of the database says about the transaction that it ended. */
enum Trouble {
  /** It lost against others, and may win if it is made again at once. */
  CONFLICT(DatabaseException.CONFLICT),
  /** Its connection is gone; another may do. */
  BROKEN(DatabaseException.UNAVAILABLE),
  /** Its connection leads to a server that takes no writes, after a failover perhaps. */
  READ_ONLY(DatabaseException.UNAVAILABLE),
  /** The server or the pool has no time or room for it now. */
  UNAVAILABLE(DatabaseException.UNAVAILABLE),
  /** Anything else: making it again would not help. */
  FAILED(DatabaseException.FAILED);

  private static final String READ_ONLY_TRANSACTION = "25006";

  // The server ends this connection (57P), because it was idle in a transaction for too long
  // (25P03, 25P04) or for another reason. Class 08 belongs to them.
  private static final Set<String> BROKEN_STATES =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04");

  // A statement's timeout. Class 53 belongs to it: no memory, no disk, no connection left.
  private static final String STATEMENT_CANCELLED = "57014";

  private final String code;

  Trouble(String code) {
    this.code = code;
  }

  /** The code that callers see. */
  String code() {
    return code;
  }

  static Trouble of(SQLException e, Dialect dialect) {
    String state = String.valueOf(e.getSQLState());
    if (dialect.isConflict(e)) {
      return CONFLICT;
    }
    if (state.equals(READ_ONLY_TRANSACTION)) {
      return READ_ONLY;
    }
    if (isBroken(e, state)) {
      return BROKEN;
    }
    return isBusy(e, state) ? UNAVAILABLE : FAILED;
  }

  private static boolean isBroken(SQLException e, String state) {
    return state.startsWith("08")
        || BROKEN_STATES.contains(state)
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException;
  }

  private static boolean isBusy(SQLException e, String state) {
    return state.startsWith("53")
        || state.equals(STATEMENT_CANCELLED)
        || e instanceof SQLTransientException;
  }
}
