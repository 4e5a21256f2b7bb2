package io.neuralbridge.jdbc;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What people and the pruner do to jobs, whoever holds them. */
final class ControlStatements {

  private static final String LOCK =
      """
      SELECT id, 0 AS token, state, needed, flow_id FROM nb_job
      WHERE id = ANY(cast(:ids AS bigint array))
      ORDER BY id
      FOR UPDATE
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
      SELECT j.id FROM nb_job_history j
      WHERE j.finished_at < <later> AND <unneeded>
      ORDER BY finished_at
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
      """;

  // Once more now that they are locked: a job may have come that needs one of them.
  private static final String STILL_OLD =
      """
      SELECT j.id FROM nb_job_history j
      WHERE j.id = ANY(cast(:ids AS bigint array)) AND <unneeded>
      """;

  /** Whether nobody minds when {@code nb_job_history j} is deleted. */
  static final String UNNEEDED =
      """
      (SELECT d.id FROM nb_job_link l JOIN nb_job d ON d.id = l.job_id
       WHERE l.needs_id = j.id LIMIT 1) IS NULL
      AND (SELECT f.id FROM nb_flow f WHERE f.id = j.flow_id AND f.finished_at IS NULL) IS NULL""";

  private ControlStatements() {}

  /** A live job that is locked. */
  private record Locked(JobRows.Ended job, int state) {

    long id() {
      return job.key().id();
    }
  }

  static Set<Long> cancel(Session session, Collection<Long> ids) {
    List<Locked> jobs = lock(session, ids);
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
    List<Locked> jobs = lock(session, ids);
    List<Long> waiting =
        jobs.stream().filter(job -> job.state != JobRows.EXECUTING).map(Locked::id).toList();
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

  static int prune(Session session, Duration retention, int limit) {
    List<Long> old =
        session
            .query(OLD)
            .bind("delay", -SqlText.micros(retention))
            .bind("limit", limit)
            .mapTo(Long.class)
            .list();
    List<Long> gone = old.isEmpty() ? old : select(session, STILL_OLD, old);
    if (!gone.isEmpty()) {
      UniqueStatements.release(session, gone);
      update(session, DELETE_ERRORS, gone);
      update(session, DELETE_ARGS, gone);
      update(session, DELETE_ENDED, gone);
      LinkStatements.forget(session, gone);
      ChainStatements.forget(session, gone);
    }
    FlowStatements.prune(session, retention, limit);
    return gone.size();
  }

  private static List<Locked> lock(Session session, Collection<Long> ids) {
    return session
        .query(LOCK)
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
