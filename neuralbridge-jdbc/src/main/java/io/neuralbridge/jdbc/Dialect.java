package io.neuralbridge.jdbc;

import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Transition;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/**
 * What a database says in its own words. Statements that all databases share are in {@link
 * JdbcQueue}; there {@code <now>} is the store's time and {@code <later>} is {@code :delay}
 * microseconds after it.
 */
interface Dialect {

  /** The folder of its schema, and its name in messages. */
  String name();

  /** Sets up how statements are made: templates, array types, driver quirks. */
  void configure(Jdbi jdbi);

  /**
   * Refuses a database that cannot hold what is stored.
   *
   * @throws DatabaseException with what to do about it
   */
  void verify(Session session);

  /** Whether this user may make tables where ours belong. */
  boolean mayMakeTables(Session session);

  /** Whether the transaction only lost against others, and may win if it is made again at once. */
  boolean isConflict(SQLException e);

  /**
   * Whether a claim, a settle of one sort and a heartbeat are one statement each, which may commit
   * by itself.
   */
  boolean verbsAreStatements();

  /**
   * Bounds how long the transaction that begins may hold its locks while nothing comes from here,
   * because this process, its machine or the network stands still.
   */
  void guard(Session session);

  /** Inserts jobs; ids grow in the order given. */
  List<JobRows.Inserted> insert(Session session, List<NewJob> jobs);

  /** Stores args that are too large for the live row. */
  void insertArgs(Session session, List<Long> ids, List<String> args);

  List<JobRows.Leased> claim(Session session, Claim claim, long token);

  /**
   * Moves leases to the history.
   *
   * @param crashes how many crashes each job gains
   * @return the jobs whose token was right
   */
  Collection<JobRows.Key> finish(Session session, List<Transition.Finish> ends, int crashes);

  /**
   * Makes leases wait again; after a crash where they stood in the line before.
   *
   * @param crashes how many crashes each job gains
   */
  Collection<JobRows.Key> back(Session session, List<Transition.Back> backs, int crashes);

  /** Stores errors, one an attempt; the last one stays. */
  void saveErrors(Session session, List<JobRows.ErrorRow> errors);
}
