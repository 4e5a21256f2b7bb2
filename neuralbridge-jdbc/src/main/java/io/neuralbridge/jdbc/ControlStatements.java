package io.neuralbridge.jdbc;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What people do to jobs, whoever holds them. */
final class ControlStatements {

  private static final String LOCK =
      """
      SELECT id, 0 AS token, state, needed, flow_id FROM nb_job
      WHERE id = ANY(cast(:ids AS bigint array)) %s
      ORDER BY id
      FOR UPDATE
      """;

  private static final String LOCK_LIVE = LOCK.formatted("");

  // Not the executing ones: nobody should wait to settle them while a unique key is waited for.
  private static final String LOCK_WAITING = LOCK.formatted("AND state <> 1");

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
         deadline, queue, kind, limit_key, unique_key, unique_while, unique_until, tags, args, meta,
         state)
      SELECT id, <now>, created_at, priority, least(attempt, max_attempts - 1), max_attempts,
             weight, EXISTS (SELECT 1 FROM nb_job_link l WHERE l.needs_id = h.id), flow_id,
             deadline, queue, kind, limit_key, unique_key, unique_while, unique_until, tags, args,
             meta,
             CASE WHEN EXISTS (SELECT 1 FROM nb_job_link l WHERE l.job_id = h.id)
                    OR EXISTS (SELECT 1 FROM nb_flow_callback c WHERE c.job_id = h.id)
             THEN 5 ELSE 0 END
      FROM nb_job_history h WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String DELETE_ENDED =
      """
      DELETE FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private ControlStatements() {}

  /** A live job that is locked. */
  private record Locked(JobRows.Ended job, int state) {

    long id() {
      return job.key().id();
    }
  }

  static Set<Long> cancel(Session session, Collection<Long> ids) {
    List<Locked> jobs = lock(session, LOCK_LIVE, ids);
    List<Locked> waiting = jobs.stream().filter(job -> job.state != JobRows.EXECUTING).toList();
    List<Long> executing = idsIn(jobs, JobRows.EXECUTING);
    if (!waiting.isEmpty()) {
      moveCancelled(session, waiting.stream().map(Locked::job).toList());
    }
    if (!executing.isEmpty()) {
      update(session, REQUEST_CANCEL, executing);
    }
    Set<Long> cancelled = new LinkedHashSet<>();
    waiting.forEach(job -> cancelled.add(job.id()));
    cancelled.addAll(executing);
    return cancelled;
  }

  /** Cancels jobs that are locked and not executing. */
  static void moveCancelled(Session session, List<JobRows.Ended> locked) {
    List<Long> ids = locked.stream().map(job -> job.key().id()).toList();
    update(session, MOVE_CANCELLED, ids);
    update(session, DELETE_LIVE, ids);
    NewsStatements.tellEnded(session, locked);
  }

  static Set<Long> retry(Session session, Dialect dialect, Collection<Long> ids) {
    List<Locked> jobs = lock(session, LOCK_WAITING, ids);
    List<Long> waiting = jobs.stream().map(Locked::id).toList();
    if (!waiting.isEmpty()) {
      update(session, HURRY, waiting);
      LinkStatements.waive(session, idsIn(jobs, JobRows.SUSPENDED));
    }
    List<Long> ended = select(session, LOCK_ENDED, ids);
    ended = UniqueStatements.retake(session, dialect, ended);
    if (!ended.isEmpty()) {
      update(session, REOPEN, ended);
      update(session, DELETE_ENDED, ended);
      LinkStatements.reopen(session, ended);
      FlowStatements.reopen(session, ended);
    }
    Set<Long> retried = new LinkedHashSet<>(waiting);
    retried.addAll(ended);
    return retried;
  }

  private static List<Locked> lock(Session session, String sql, Collection<Long> ids) {
    return session
        .query(sql)
        .bindArray("ids", Long.class, new TreeSet<>(ids))
        .map((row, context) -> new Locked(JobRows.Ended.of(row), row.getInt("state")))
        .list();
  }

  private static List<Long> idsIn(List<Locked> jobs, int state) {
    return jobs.stream().filter(job -> job.state == state).map(Locked::id).toList();
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
