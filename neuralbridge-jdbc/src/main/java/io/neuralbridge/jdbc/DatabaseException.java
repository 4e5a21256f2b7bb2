package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobException;

/**
 * The database could not do what was asked. With the codes {@link #UNAVAILABLE} and {@link
 * #CONFLICT} the call changed nothing that it reports, and may be made again.
 */
public final class DatabaseException extends JobException {

  /** No connection, or the server is starting, stopping, full or read-only: try again later. */
  public static final String UNAVAILABLE = "database_unavailable";

  /** Other transactions won every try: try again later. */
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
