package io.neuralbridge.jdbc;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Need;
import io.neuralbridge.queue.LinkState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which job needs which. */
final class LinkStatements {

  private static final String STATES =
      """
      SELECT id, state FROM nb_job WHERE id = ANY(cast(:ids AS bigint array))
      UNION ALL
      SELECT id, state FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private static final String INSERT =
      """
      INSERT INTO nb_job_link (job_id, needs_id, on_failure, chained)
      SELECT p.job_id, p.needs_id, p.on_failure, p.chained
      FROM unnest(
             cast(:jobs AS bigint array), cast(:needs AS bigint array),
             cast(:policies AS smallint array), cast(:chained AS boolean array))
           AS p(job_id, needs_id, on_failure, chained)
      """;

  // A job of a chain that was given up while it waited hands on what it waited for.
  private static final String TAKE_OVER =
      """
      INSERT INTO nb_job_link (job_id, needs_id, on_failure, chained)
      SELECT l.job_id, b.needs_id, l.on_failure, true
      FROM nb_job_link l JOIN nb_job_link b ON b.job_id = l.needs_id
      WHERE l.job_id = ANY(cast(:ids AS bigint array)) AND l.chained AND l.state = 2
        AND b.chained AND b.state < 2
        AND NOT EXISTS (
          SELECT 1 FROM nb_job_link o WHERE o.job_id = l.job_id AND o.needs_id = b.needs_id)
      """;

  private static final String HAND_ON =
      """
      INSERT INTO nb_job_link (job_id, needs_id, on_failure, chained)
      SELECT l.job_id, p.before_id, l.on_failure, true
      FROM unnest(cast(:gone AS bigint array), cast(:before AS bigint array)) AS p(gone_id, before_id)
      JOIN nb_job_link l ON l.needs_id = p.gone_id
      WHERE l.chained AND NOT EXISTS (
        SELECT 1 FROM nb_job_link o WHERE o.job_id = l.job_id AND o.needs_id = p.before_id)
      """;

  private static final String FOLLOWERS =
      """
      SELECT DISTINCT job_id FROM nb_job_link
      WHERE needs_id = ANY(cast(:ids AS bigint array)) AND chained
      """;

  private static final String UNARMED =
      """
      SELECT DISTINCT n.id
      FROM nb_job d
      JOIN nb_job_link l ON l.job_id = d.id
      JOIN nb_job n ON n.id = l.needs_id
      WHERE d.id = ANY(cast(:ids AS bigint array)) AND d.state = 5 AND l.state < 2 AND NOT n.needed
      ORDER BY n.id
      """;

  private static final String ARM =
      """
      UPDATE nb_job SET needed = true WHERE id = ANY(cast(:ids AS bigint array)) AND NOT needed
      """;

  // Two looks at the links, because no index serves both ends of one.
  private static final String CHANGED =
      """
      SELECT l.job_id, l.needs_id, l.on_failure, l.chained, h.state AS ended
      FROM nb_job_link l
      JOIN nb_job d ON d.id = l.job_id
      LEFT JOIN nb_job_history h ON h.id = l.needs_id
      WHERE %1$s = ANY(cast(:ids AS bigint array)) AND d.state = 5
        AND l.state <> CASE WHEN h.state = 2 OR l.on_failure = 1 THEN 2 ELSE 1 END
        AND (SELECT n.id FROM nb_job n WHERE n.id = l.needs_id) IS NULL
      """;

  private static final String CHANGES =
      CHANGED.formatted("l.needs_id")
          + "UNION\n"
          + CHANGED.formatted("l.job_id")
          + "ORDER BY job_id, needs_id LIMIT :limit";

  private static final String LOCK_SUSPENDED =
      """
      SELECT id, attempt, needed, flow_id, <now> AS seen_at FROM nb_job
      WHERE id = ANY(cast(:ids AS bigint array)) AND state = 5
      ORDER BY id
      FOR UPDATE SKIP LOCKED
      """;

  private static final String SUSPENDED =
      """
      SELECT id FROM nb_job WHERE id = ANY(cast(:ids AS bigint array)) AND state = 5
      """;

  private static final String FREE_FULFILLED =
      """
      UPDATE nb_job SET state = 0
      WHERE id = ANY(cast(:ids AS bigint array)) AND state = 5
        AND NOT EXISTS (SELECT 1 FROM nb_job_link l WHERE l.job_id = nb_job.id AND l.state < 2)
        AND NOT EXISTS (SELECT 1 FROM nb_flow_callback c WHERE c.job_id = nb_job.id)
      """;

  private static final String WAIVE =
      """
      UPDATE nb_job_link SET on_failure = 1, state = 2
      WHERE job_id = ANY(cast(:ids AS bigint array)) AND state = 1
      """;

  private static final String REOPEN =
      """
      UPDATE nb_job_link SET state = 0 WHERE needs_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String REFRESH =
      """
      UPDATE nb_job_link
      SET state = CASE
        WHEN EXISTS (SELECT 1 FROM nb_job n WHERE n.id = needs_id) THEN 0
        WHEN on_failure = 1 THEN 2
        WHEN EXISTS (SELECT 1 FROM nb_job_history h WHERE h.id = needs_id AND h.state = 2) THEN 2
        ELSE 1 END
      WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String STILL_NEEDED =
      """
      SELECT DISTINCT l.needs_id
      FROM nb_job_link l JOIN nb_job d ON d.id = l.job_id
      WHERE l.needs_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String WHO_NEEDED_COMPLETED =
      """
      SELECT DISTINCT l.job_id
      FROM nb_job_link l JOIN nb_job_history h ON h.id = l.needs_id
      WHERE l.needs_id = ANY(cast(:ids AS bigint array)) AND h.state = 2
      """;

  private static final String FORGET_COMPLETED =
      """
      DELETE FROM nb_job_link
      WHERE needs_id = ANY(cast(:ids AS bigint array))
        AND needs_id IN (
          SELECT h.id FROM nb_job_history h
          WHERE h.id = ANY(cast(:ids AS bigint array)) AND h.state = 2)
      """;

  // Two statements, because H2 reads the whole table for an OR of two columns.
  private static final String FORGET_NEEDS =
      """
      DELETE FROM nb_job_link WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String FORGET_UNNEEDED =
      """
      DELETE FROM nb_job_link WHERE needs_id = ANY(cast(:ids AS bigint array))
      """;

  /** A need whose job is final, and whose link does not say so yet. */
  record Change(
      long job, long needs, FailurePolicy onFailure, boolean chained, @Nullable JobState ended) {

    static Change of(ResultSet row) throws SQLException {
      Integer ended = row.getObject("ended", Integer.class);
      return new Change(
          row.getLong("job_id"),
          row.getLong("needs_id"),
          policy(row.getInt("on_failure")),
          row.getBoolean("chained"),
          ended == null ? null : JobRows.state(ended, true, 0));
    }

    LinkState state() {
      return LinkState.after(ended, onFailure);
    }
  }

  /** A suspended job that is locked. */
  record Suspended(JobRows.Ended job, int attempt, Instant seenAt) {

    static Suspended of(ResultSet row) throws SQLException {
      return new Suspended(
          new JobRows.Ended(
              new JobRows.Key(row.getLong("id"), 0),
              row.getBoolean("needed"),
              row.getObject("flow_id", Long.class)),
          row.getInt("attempt"),
          JobRows.instant(row, "seen_at"));
    }

    long id() {
      return job.key().id();
    }
  }

  private LinkStatements() {}

  static FailurePolicy policy(int stored) {
    return switch (stored) {
      case 0 -> FailurePolicy.CANCEL;
      case 1 -> FailurePolicy.IGNORE;
      default -> FailurePolicy.HOLD;
    };
  }

  static int stored(FailurePolicy policy) {
    return switch (policy) {
      case CANCEL -> 0;
      case IGNORE -> 1;
      case HOLD -> 2;
    };
  }

  static int stored(LinkState state) {
    return switch (state) {
      case OPEN -> 0;
      case FAILED -> 1;
      case FULFILLED -> 2;
    };
  }

  /** The states of those jobs that are there, whatever their due times. */
  static Map<Long, JobState> states(Session session, Set<Long> ids) {
    Map<Long, JobState> states = new HashMap<>();
    if (!ids.isEmpty()) {
      session
          .query(STATES)
          .bindArray("ids", Long.class, ids)
          .map(
              (row, context) ->
                  Map.entry(row.getLong("id"), JobRows.state(row.getInt("state"), true, 0)))
          .forEach(row -> states.put(row.getKey(), row.getValue()));
    }
    return states;
  }

  /** A need of a new job. */
  record NewLink(long job, Need need) {}

  static void insert(Session session, List<NewLink> links) {
    if (!links.isEmpty()) {
      session
          .update(INSERT)
          .bindArray("jobs", Long.class, links.stream().map(NewLink::job).toList())
          .bindArray("needs", Long.class, links.stream().map(l -> l.need().target()).toList())
          .bindArray(
              "policies",
              Integer.class,
              links.stream().map(link -> stored(link.need().onFailure())).toList())
          .bindArray("chained", Boolean.class, links.stream().map(l -> l.need().chained()).toList())
          .execute();
    }
  }

  /**
   * Lets jobs that are next in a chain wait for what those before them waited for when they were
   * given up.
   *
   * @param next jobs that are locked, and whose links are noted
   */
  static boolean takeOver(Session session, Set<Long> next) {
    if (next.isEmpty() || update(session, TAKE_OVER, next) == 0) {
      return false;
    }
    NewsStatements.tellJobs(session, next);
    return true;
  }

  /**
   * Lets those that follow jobs in a chain need others as well.
   *
   * @param before by the job that is about to be gone, the one that it would have waited for
   */
  static void handOn(Session session, Map<Long, Long> before) {
    List<Long> followers = ids(session, FOLLOWERS, before.keySet());
    if (!followers.isEmpty()) {
      session
          .update(HAND_ON)
          .bindArray("gone", Long.class, before.keySet())
          .bindArray("before", Long.class, before.values())
          .execute();
      NewsStatements.tellJobs(session, followers);
    }
  }

  /** Lets the jobs that suspended ones need tell when they end. */
  static void arm(Session session, Collection<Long> suspended) {
    List<Long> unarmed = ids(session, UNARMED, suspended);
    if (!unarmed.isEmpty()) {
      update(session, ARM, unarmed);
    }
  }

  /** The needs that have ended, of or by these jobs; the oldest waiting jobs first. */
  static List<Change> changes(Session session, Collection<Long> jobs, int limit) {
    return session
        .query(CHANGES)
        .bindArray("ids", Long.class, jobs)
        .bind("limit", limit)
        .map((row, context) -> Change.of(row))
        .list();
  }

  /** Locks suspended jobs; one that another transaction holds is left out. */
  static List<Suspended> lockSuspended(Session session, Collection<Long> jobs) {
    return jobs.isEmpty()
        ? List.of()
        : session
            .query(LOCK_SUSPENDED)
            .bindArray("ids", Long.class, jobs)
            .map((row, context) -> Suspended.of(row))
            .list();
  }

  /** Those of the jobs that are suspended, locked or not. */
  static Set<Long> suspended(Session session, Collection<Long> jobs) {
    return new HashSet<>(ids(session, SUSPENDED, jobs));
  }

  /** Frees those that wait for nothing any more; returns how many. */
  static int freeFulfilled(Session session, Collection<Long> locked) {
    return locked.isEmpty() ? 0 : update(session, FREE_FULFILLED, locked);
  }

  /** Lets suspended jobs no longer wait for what has failed. */
  static void waive(Session session, Collection<Long> suspended) {
    if (!suspended.isEmpty()) {
      update(session, WAIVE, suspended);
      NewsStatements.tellJobs(session, suspended);
    }
  }

  /** Final jobs are live again: others wait for them, and they wait for what they need. */
  static void reopen(Session session, Collection<Long> reopened) {
    update(session, REOPEN, reopened);
    if (update(session, REFRESH, reopened) > 0) {
      NewsStatements.tellJobs(session, reopened);
    }
  }

  /** Those of these jobs that have completed will be gone; who needed one of them has had it. */
  static void forgetCompleted(Session session, Collection<Long> ended) {
    List<Long> dependents = ids(session, WHO_NEEDED_COMPLETED, ended);
    if (!dependents.isEmpty()) {
      update(session, FORGET_COMPLETED, ended);
      NewsStatements.tellJobs(session, dependents);
    }
  }

  /** Jobs are gone. One that waits for them is told. */
  static void forget(Session session, Collection<Long> gone) {
    Set<Long> unneeded = new HashSet<>(gone);
    List<Long> needed = ids(session, STILL_NEEDED, gone);
    needed.forEach(unneeded::remove);
    update(session, FORGET_NEEDS, gone);
    update(session, FORGET_UNNEEDED, unneeded);
    NewsStatements.tellJobs(session, needed);
  }

  private static List<Long> ids(Session session, String sql, Collection<Long> ids) {
    return session
        .query(sql)
        .bindArray("ids", Long.class, new TreeSet<>(ids))
        .mapTo(Long.class)
        .list();
  }

  private static int update(Session session, String sql, Collection<Long> ids) {
    return session.update(sql).bindArray("ids", Long.class, new TreeSet<>(ids)).execute();
  }
}
