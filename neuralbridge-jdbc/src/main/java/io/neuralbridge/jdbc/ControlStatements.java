package io.neuralbridge.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What people and the pruner do to jobs, whoever holds them. */
final class ControlStatements {

  private static final String LOCK =
      """
      SELECT id, state FROM nb_job WHERE id = ANY(cast(:ids AS bigint array)) ORDER BY id FOR UPDATE
      """;

  private static final String REQUEST_CANCEL =
      """
      UPDATE nb_job SET cancel_requested = true WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String MOVE_CANCELLED =
      """
      INSERT INTO nb_job_history (<lasting>, finished_at, crashes, state)
      SELECT <lasting>, <now>, crashes, 3 FROM nb_job WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String DELETE_LIVE =
      """
      DELETE FROM nb_job WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String HURRY =
      """
      UPDATE nb_job
      SET run_at = <now>, attempt = least(attempt, max_attempts - 1), cancel_requested = false
      WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String LOCK_ENDED =
      """
      SELECT id FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      ORDER BY id FOR UPDATE
      """;

  private static final String REOPEN =
      """
      INSERT INTO nb_job
        (id, run_at, created_at, priority, attempt, max_attempts, weight, needed, flow_id,
         deadline, queue, kind, limit_key, tags, args, meta)
      SELECT id, <now>, created_at, priority, least(attempt, max_attempts - 1), max_attempts,
             weight, needed, flow_id, deadline, queue, kind, limit_key, tags, args, meta
      FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String DELETE_ENDED =
      """
      DELETE FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String DELETE_ARGS =
      """
      DELETE FROM nb_job_args WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String DELETE_ERRORS =
      """
      DELETE FROM nb_job_error WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String OLD =
      """
      SELECT id FROM nb_job_history
      WHERE finished_at < <later>
      ORDER BY finished_at
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
      """;

  private ControlStatements() {}

  static Set<Long> cancel(Session session, Collection<Long> ids) {
    Map<Boolean, List<Long>> byWaiting = lock(session, ids);
    List<Long> waiting = byWaiting.getOrDefault(true, List.of());
    List<Long> executing = byWaiting.getOrDefault(false, List.of());
    if (!waiting.isEmpty()) {
      update(session, MOVE_CANCELLED, waiting);
      update(session, DELETE_LIVE, waiting);
    }
    if (!executing.isEmpty()) {
      update(session, REQUEST_CANCEL, executing);
    }
    Set<Long> cancelled = new LinkedHashSet<>(waiting);
    cancelled.addAll(executing);
    return cancelled;
  }

  static Set<Long> retry(Session session, Collection<Long> ids) {
    List<Long> waiting = lock(session, ids).getOrDefault(true, List.of());
    if (!waiting.isEmpty()) {
      update(session, HURRY, waiting);
    }
    List<Long> ended = select(session, LOCK_ENDED, ids);
    if (!ended.isEmpty()) {
      update(session, REOPEN, ended);
      update(session, DELETE_ENDED, ended);
    }
    Set<Long> retried = new LinkedHashSet<>(waiting);
    retried.addAll(ended);
    return retried;
  }

  static int prune(Session session, Duration retention, int limit) {
    List<Long> old =
        session
            .query(OLD)
            .bind("delay", -SqlText.micros(retention))
            .bind("limit", limit)
            .mapTo(Long.class)
            .list();
    if (!old.isEmpty()) {
      update(session, DELETE_ERRORS, old);
      update(session, DELETE_ARGS, old);
      update(session, DELETE_ENDED, old);
    }
    return old.size();
  }

  private static Map<Boolean, List<Long>> lock(Session session, Collection<Long> ids) {
    Map<Boolean, List<Long>> byWaiting = new HashMap<>();
    session
        .query(LOCK)
        .bindArray("ids", Long.class, new TreeSet<>(ids))
        .map((row, context) -> Map.entry(row.getInt("state") == JobRows.WAITING, row.getLong("id")))
        .forEach(
            row ->
                byWaiting
                    .computeIfAbsent(row.getKey(), waiting -> new ArrayList<>())
                    .add(row.getValue()));
    return byWaiting;
  }

  private static List<Long> select(Session session, String sql, Collection<Long> ids) {
    return session
        .query(sql)
        .bindArray("ids", Long.class, new TreeSet<>(ids))
        .mapTo(Long.class)
        .list();
  }

  private static void update(Session session, String sql, List<Long> ids) {
    session.update(sql).bindArray("ids", Long.class, ids).execute();
  }
}
