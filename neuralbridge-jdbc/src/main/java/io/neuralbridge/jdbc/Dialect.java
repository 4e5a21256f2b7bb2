package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Band;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.DueJobs;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.queue.WakeUps;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

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

  /** Whether a claim, a heartbeat and a read are one statement each, which may commit by itself. */
  boolean verbsAreStatements();

  /**
   * Bounds how long the transaction that begins may hold its locks while nothing comes from here,
   * because this process, its machine or the network stands still.
   */
  void guard(Session session);

  /** How nodes on this database tell each other of new jobs. */
  WakeUps wakeUps(Database database, DataSource dataSource);

  /**
   * Inserts jobs; ids grow in the order given.
   *
   * @param ids drawn before, for jobs some of which have a unique key; null to make them
   */
  List<JobRows.Inserted> insert(
      Session session, List<JobRows.NewRow> rows, @Nullable List<Long> ids);

  /** Ids for new jobs. */
  List<Long> drawIds(Session session, int count);

  /**
   * Takes keys that are free, have expired or are the job's own already, in the order of the keys.
   * Those that are not returned are locked until the transaction ends.
   *
   * @param wishes one a key, sorted
   * @return the keys that were taken
   */
  Set<String> takeKeys(Session session, List<KeyWish> wishes);

  /** Stores args that are too large for the live row. */
  void insertArgs(Session session, List<Long> ids, List<String> args);

  /**
   * Leases due jobs without keys, unless the queue's settings ask for more than their due times.
   *
   * @param ranges what to look through, in this order
   */
  List<JobRows.Leased> claim(Session session, Claim claim, List<Band.Range> ranges, long token);

  /** The due jobs of a queue, to choose from. */
  DueJobs dueJobs(Session session, String queue);

  /** Leases chosen jobs, those that are still due and that nobody else holds. */
  List<JobRows.Leased> lease(Session session, Claim claim, long token, List<Long> ids);

  /**
   * Moves leases to the history; {@link #guard}s the transaction.
   *
   * @param crashes how many crashes each job gains
   * @return the jobs whose token was right
   */
  Collection<JobRows.Ended> finish(Session session, List<Transition.Finish> ends, int crashes);

  /**
   * Makes leases wait again.
   *
   * @param crashes how many crashes each job gains
   */
  Collection<JobRows.Key> back(Session session, List<Transition.Back> backs, int crashes);

  /** Stores errors, one an attempt; the last one stays. */
  void saveErrors(Session session, List<JobRows.ErrorRow> errors);

  /** Locks chains in the order given, those that are new too; returns their tails, 0 for none. */
  Map<String, Long> lockChains(Session session, List<String> keys);

  /** Notes on links what has become of the needed jobs. */
  void note(Session session, List<LinkStatements.Change> changes);

  /**
   * Notes that vectors of chunks are stored, each with its tokens.
   *
   * @return those chunks that are there and have not vanished
   */
  Set<String> markEmbedded(Session session, long generation, Map<String, Integer> tokens);
}
