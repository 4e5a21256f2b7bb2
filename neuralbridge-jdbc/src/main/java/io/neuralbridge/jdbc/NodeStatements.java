package io.neuralbridge.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes, the leases that live with them, and the jobs of those that died. */
final class NodeStatements {

  private static final String JOIN =
      """
      INSERT INTO nb_node (name, started_at, expires_at) VALUES (:name, <now>, <later>)
      """;

  private static final String RENEW =
      """
      UPDATE nb_node SET expires_at = <later> WHERE id = :node
      """;

  private static final String CANCELLED =
      """
      SELECT id FROM nb_job WHERE state = 1 AND node_id = :node AND cancel_requested
      """;

  private static final String LEAVE =
      """
      DELETE FROM nb_node WHERE id = :node
      """;

  private static final String LEASES =
      """
      SELECT id, token FROM nb_job WHERE state = 1 AND node_id = :node
      """;

  // Passes by what a stopped process or a broken network has left locked, here and below: one that
  // hangs must not keep the others from being rescued.
  private static final String BURY =
      """
      DELETE FROM nb_node WHERE id IN (
        SELECT id FROM nb_node WHERE expires_at < <now> FOR UPDATE SKIP LOCKED)
      """;

  private static final String BURY_ALL =
      """
      DELETE FROM nb_node
      """;

  private static final String ORPHANS =
      """
      SELECT j.id, j.token, j.attempt, j.crashes, <now> AS seen_at
      FROM nb_job j
      WHERE j.state = 1 AND j.id > :after
        AND NOT EXISTS (SELECT 1 FROM nb_node n WHERE n.id = j.node_id)
      ORDER BY j.id
      LIMIT :limit
      """;

  private static final String LOCK =
      """
      SELECT id, token FROM nb_job
      WHERE id = ANY(cast(:ids AS bigint array)) AND token IS NOT NULL
      ORDER BY id
      FOR UPDATE SKIP LOCKED
      """;

  /** A lease whose node is gone. Node ids are never used again, so it stays one. */
  record Orphan(long id, long token, int attempt, int crashes, Instant seenAt) {}

  private NodeStatements() {}

  static long join(Session session, String name, Duration timeToLive) {
    return session
        .update(JOIN)
        .bind("name", SqlText.clean(name))
        .bind("delay", SqlText.micros(timeToLive))
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  static boolean renew(Session session, long node, Duration timeToLive) {
    return session
            .update(RENEW)
            .bind("node", node)
            .bind("delay", SqlText.micros(timeToLive))
            .execute()
        > 0;
  }

  static Set<Long> cancelled(Session session, long node) {
    return new HashSet<>(session.query(CANCELLED).bind("node", node).mapTo(Long.class).list());
  }

  static int leave(Session session, long node) {
    return session.update(LEAVE).bind("node", node).execute();
  }

  static int bury(Session session) {
    return session.update(BURY).execute();
  }

  static int buryAll(Session session) {
    return session.update(BURY_ALL).execute();
  }

  /** A node's leases: tokens by job id. */
  static Map<Long, Long> leases(Session session, long node) {
    Map<Long, Long> leases = new HashMap<>();
    session
        .query(LEASES)
        .bind("node", node)
        .map((row, context) -> JobRows.Key.of(row))
        .forEach(key -> leases.put(key.id(), key.token()));
    return leases;
  }

  // Not locked: settling them by their tokens finds out which are still there. A lock that is
  // taken together with this look could hold a row that a node has leased since.
  static List<Orphan> orphans(Session session, long after, int limit) {
    return session
        .query(ORPHANS)
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Orphan(
                    row.getLong("id"),
                    row.getLong("token"),
                    row.getInt("attempt"),
                    row.getInt("crashes"),
                    JobRows.instant(row, "seen_at")))
        .list();
  }

  /** Locks the orphans that nobody else is about to settle, and returns them. */
  static List<Orphan> lock(Session session, List<Orphan> orphans) {
    Set<JobRows.Key> locked =
        session
            .query(LOCK)
            .bindArray("ids", Long.class, orphans.stream().map(Orphan::id).toList())
            .map((row, context) -> JobRows.Key.of(row))
            .set();
    return orphans.stream()
        .filter(orphan -> locked.contains(new JobRows.Key(orphan.id(), orphan.token())))
        .toList();
  }
}
