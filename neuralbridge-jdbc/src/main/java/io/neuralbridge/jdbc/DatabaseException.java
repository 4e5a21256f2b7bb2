package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobException;

/**
 * The database could not do what was asked. The code says what that means for the caller:
 *
 * <ul>
 *   <li>after {@link #UNAVAILABLE} and {@link #CONFLICT} nothing was changed, and the call may be
 *       made again;
 *   <li>after {@link #IN_DOUBT} all of it was done or nothing: look before you make it again.
 * </ul>
 */
public final class DatabaseException extends JobException {

  /**
   * No connection, or the server is starting, stopping, full, read-only or too slow: nothing was
   * changed, try again later.
   */
  public static final String UNAVAILABLE = "database_unavailable";

  /**
   * The connection was lost while the answer to a commit was awaited: all that was asked is done,
   * or nothing. Jobs that were being enqueued may be stored; enqueued again they would run twice,
   * unless they are unique.
   */
  public static final String IN_DOUBT = "database_in_doubt";

  /** Other transactions won every try: nothing was changed, try again later. */
  public static final String CONFLICT = "database_conflict";

  /** An embedded database's file is open in another process. */
  public static final String LOCKED = "database_locked";

  /** The tables are missing or of another version. */
  public static final String SCHEMA = "database_schema";

  /** A database, an encoding or a file that cannot be used. */
  public static final String UNUSABLE = "database_unusable";

  /** A statement failed for another reason; the cause says which. */
  public static final String FAILED = "database_failed";

  DatabaseException(String code, String message) {
    super(code, message);
  }

  DatabaseException(String code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
