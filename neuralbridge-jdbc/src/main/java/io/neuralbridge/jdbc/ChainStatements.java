package io.neuralbridge.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The last job of each chain. How a chain is locked is the dialect's affair. */
final class ChainStatements {

  private static final String MOVE_TAIL =
      """
      UPDATE nb_chain SET tail_id = :tail WHERE chain_key = :key
      """;

  private static final String FORGET =
      """
      DELETE FROM nb_chain WHERE tail_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String BEFORE =
      """
      SELECT l.job_id, max(l.needs_id) AS before_id
      FROM nb_job_link l
      WHERE l.job_id = ANY(cast(:ids AS bigint array)) AND l.chained AND l.state < 2
        AND ((SELECT n.id FROM nb_job n WHERE n.id = l.needs_id) IS NOT NULL
          OR (SELECT h.id FROM nb_job_history h WHERE h.id = l.needs_id AND h.state > 2) IS NOT NULL)
      GROUP BY l.job_id
      """;

  private static final String LOCK_TAILS =
      """
      SELECT chain_key FROM nb_chain WHERE tail_id = ANY(cast(:ids AS bigint array))
      ORDER BY chain_key FOR UPDATE
      """;

  private static final String HAND_ON_TAIL =
      """
      UPDATE nb_chain SET tail_id = :before WHERE tail_id = :gone
      """;

  private ChainStatements() {}

  /** Locks chains until the transaction ends; returns the last job of those that have one. */
  static Map<String, Long> lock(Session session, Dialect dialect, Collection<String> keys) {
    Map<String, Long> tails = new TreeMap<>();
    if (!keys.isEmpty()) {
      dialect.lockChains(session, List.copyOf(keys)).forEach(tails::put);
      tails.values().removeIf(tail -> tail == 0);
    }
    return tails;
  }

  static void moveTails(Session session, Map<String, Long> tails) {
    if (!tails.isEmpty()) {
      PreparedBatch batch = session.batch(MOVE_TAIL);
      tails.forEach((key, tail) -> batch.bind("key", key).bind("tail", tail).add());
      batch.execute();
    }
  }

  /** The jobs that some jobs of chains would still have to wait for. */
  static Map<Long, Long> before(Session session, Collection<Long> ids) {
    Map<Long, Long> before = new TreeMap<>();
    session
        .query(BEFORE)
        .bindArray("ids", Long.class, new TreeSet<>(ids))
        .map((row, context) -> Map.entry(row.getLong("job_id"), row.getLong("before_id")))
        .forEach(row -> before.put(row.getKey(), row.getValue()));
    return before;
  }

  /**
   * Jobs are about to be gone: who follows one of them in a chain waits for what that one waited
   * for. The chains are locked before their jobs are looked at: one that is being appended then
   * belongs to those that follow.
   */
  static void handOn(Session session, Collection<Long> going) {
    Map<Long, Long> before = before(session, going);
    before.replaceAll((job, target) -> staying(target, going, before));
    before.values().removeIf(target -> target == 0);
    if (!before.isEmpty()) {
      session
          .query(LOCK_TAILS)
          .bindArray("ids", Long.class, before.keySet())
          .mapTo(String.class)
          .list();
      LinkStatements.handOn(session, before);
      PreparedBatch batch = session.batch(HAND_ON_TAIL);
      before.forEach((gone, target) -> batch.bind("gone", gone).bind("before", target).add());
      batch.execute();
    }
  }

  /** The nearest one that stays, or 0. */
  private static long staying(long target, Collection<Long> going, Map<Long, Long> before) {
    long next = target;
    while (next != 0 && going.contains(next)) {
      next = before.getOrDefault(next, 0L);
    }
    return next;
  }

  /** Jobs are gone: a chain that still ends with one of them begins anew. */
  static void forget(Session session, Collection<Long> gone) {
    session.update(FORGET).bindArray("ids", Long.class, gone).execute();
  }
}
