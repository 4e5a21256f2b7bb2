package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Unique;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Who holds which unique key. The key's row is locked by whoever wants it, and its job's state then
 * says whether it still is held: claims and settlements know nothing of keys.
 */
final class UniqueStatements {

  private static final String HOLDERS =
      """
      SELECT unique_key, job_id, unique_while FROM nb_job_unique
      WHERE unique_key = ANY(cast(:keys AS varchar array))
      """;

  // Not the executing ones: nobody should wait to settle them.
  private static final String LOCK_WAITING =
      """
      SELECT id FROM nb_job WHERE id = ANY(cast(:ids AS bigint array)) AND state <> 1
      ORDER BY id FOR UPDATE
      """;

  private static final String TAKE_OVER =
      """
      UPDATE nb_job_unique
      SET job_id = :id, unique_while = :scope,
          expires_at = coalesce(cast(:until AS timestamp(6) with time zone), <later>)
      WHERE unique_key = :key
      """;

  private static final String REPLACE =
      """
      UPDATE nb_job
      SET run_at = coalesce(cast(:runAt AS timestamp(6) with time zone), <later>),
          deadline = cast(:deadline AS timestamp(6) with time zone),
          priority = :priority, max_attempts = :maxAttempts, tags = :tags, args = :args, meta = :meta
      WHERE id = :id
      """;

  private static final String DELETE_ARGS =
      """
      DELETE FROM nb_job_args WHERE job_id = ANY(cast(:ids AS bigint array))
      """;

  private static final String ENDED =
      """
      SELECT id, unique_key, unique_while, unique_until FROM nb_job_history
      WHERE id = ANY(cast(:ids AS bigint array)) AND unique_key IS NOT NULL
        AND (unique_until IS NULL OR unique_until > <now>)
      ORDER BY id
      """;

  private static final String KEYS =
      """
      SELECT unique_key FROM nb_job
      WHERE id = ANY(cast(:ids AS bigint array)) AND unique_key IS NOT NULL
      UNION ALL
      SELECT unique_key FROM nb_job_history
      WHERE id = ANY(cast(:ids AS bigint array)) AND unique_key IS NOT NULL
      """;

  // One that is locked is wanted by somebody, who may take it over; if not, the next one does.
  private static final String LOCK_KEYS =
      """
      SELECT unique_key FROM nb_job_unique
      WHERE unique_key = ANY(cast(:keys AS varchar array))
        AND job_id = ANY(cast(:ids AS bigint array))
      ORDER BY unique_key FOR UPDATE SKIP LOCKED
      """;

  private static final String DELETE_KEYS =
      """
      DELETE FROM nb_job_unique WHERE unique_key = ANY(cast(:keys AS varchar array))
      """;

  /**
   * The keys that were not to be had.
   *
   * @param jobs who holds them
   * @param waiting the ids of those that wait, and cannot be claimed before this transaction ends;
   *     only of those that matter
   */
  record Held(Map<String, Job> jobs, Set<Long> waiting) {}

  private record Holder(String key, long jobId, Unique.Scope scope) {

    static Holder of(ResultSet row) throws SQLException {
      return new Holder(
          row.getString("unique_key"),
          row.getLong("job_id"),
          KeyWish.scope(row.getInt("unique_while")));
    }

    boolean holds(Job job, Set<Long> waiting) {
      return scope.covers(job.state())
          && (scope != Unique.Scope.WAITING || waiting.contains(jobId));
    }
  }

  /** A waiting job and what it becomes. */
  record Replacement(long jobId, NewJob later) {}

  private UniqueStatements() {}

  /**
   * Takes keys for jobs that are inserted in the same transaction.
   *
   * @param wishes one a key
   */
  static Held take(Session session, Dialect dialect, Collection<KeyWish> wishes) {
    Map<String, KeyWish> wanted = new TreeMap<>();
    wishes.forEach(wish -> wanted.put(wish.key(), wish));
    if (!wanted.isEmpty()) {
      dialect.takeKeys(session, List.copyOf(wanted.values())).forEach(wanted::remove);
    }
    return wanted.isEmpty()
        ? new Held(Map.of(), Set.of())
        : takeFromThoseThatLetGo(session, wanted.values());
  }

  private static Held takeFromThoseThatLetGo(Session session, Collection<KeyWish> wishes) {
    Map<String, Holder> holders = holders(session, wishes);
    Set<Long> waiting = lockWaiting(session, holders, wishes);
    Map<Long, Job> jobs = find(session, holders.values());
    Map<String, Job> held = new HashMap<>();
    List<KeyWish> free = new ArrayList<>();
    for (KeyWish wish : wishes) {
      Holder holder = holders.get(wish.key());
      Job job = holder == null ? null : jobs.get(holder.jobId());
      if (holder != null && job != null && holder.holds(job, waiting)) {
        held.put(wish.key(), job);
      } else {
        free.add(wish);
      }
    }
    takeOver(session, free);
    return new Held(held, waiting);
  }

  private static Map<String, Holder> holders(Session session, Collection<KeyWish> wishes) {
    return session
        .query(HOLDERS)
        .bindArray("keys", String.class, wishes.stream().map(KeyWish::key).toList())
        .map((row, context) -> Holder.of(row))
        .collect(Collectors.toMap(Holder::key, Function.identity()));
  }

  // A claim in progress is waited for: the job that it takes will not see what the caller did. One
  // that comes later passes by, until the caller has committed.
  private static Set<Long> lockWaiting(
      Session session, Map<String, Holder> holders, Collection<KeyWish> wishes) {
    Set<Long> ids = new TreeSet<>();
    for (KeyWish wish : wishes) {
      Holder holder = holders.get(wish.key());
      if (holder != null && (holder.scope() == Unique.Scope.WAITING || wish.replaces())) {
        ids.add(holder.jobId());
      }
    }
    return ids.isEmpty()
        ? Set.of()
        : session
            .query(LOCK_WAITING)
            .bindArray("ids", Long.class, ids)
            .mapTo(Long.class)
            .collect(Collectors.toSet());
  }

  private static Map<Long, Job> find(Session session, Collection<Holder> holders) {
    Set<Long> ids = holders.stream().map(Holder::jobId).collect(Collectors.toSet());
    return ReadStatements.find(session, ids).stream()
        .collect(Collectors.toMap(Job::id, Function.identity()));
  }

  private static void takeOver(Session session, List<KeyWish> free) {
    if (free.isEmpty()) {
      return;
    }
    PreparedBatch batch = session.batch(TAKE_OVER);
    for (KeyWish wish : free) {
      batch
          .bind("now", session.now())
          .bind("key", wish.key())
          .bind("id", wish.jobId())
          .bind("scope", wish.scope())
          .bind("until", wish.until())
          .bind("delay", wish.period())
          .add();
    }
    batch.execute();
  }

  /** Changes jobs that {@link #take} found waiting; returns them as they are then. */
  static List<Job> replace(Session session, Dialect dialect, List<Replacement> replacements) {
    Set<Long> ids = new HashSet<>();
    PreparedBatch batch = session.batch(REPLACE);
    for (Replacement replacement : replacements) {
      NewJob later = replacement.later();
      ids.add(replacement.jobId());
      batch
          .bind("now", session.now())
          .bind("id", replacement.jobId())
          .bind("runAt", SqlText.instantOrNull(later.runAt()))
          .bind("delay", SqlText.micros(later.delay()))
          .bind("deadline", SqlText.instantOrNull(later.spec().deadline()))
          .bind("priority", later.spec().priority())
          .bind("maxAttempts", later.spec().maxAttempts())
          .bind("tags", SqlText.tags(later.spec().tags()))
          .bind("args", JobArgs.inline(later))
          .bind("meta", SqlText.meta(later.spec().meta()))
          .add();
    }
    batch.execute();
    session.update(DELETE_ARGS).bindArray("ids", Long.class, ids).execute();
    JobInserts.insertLargeArgs(
        session,
        dialect,
        replacements.stream().map(Replacement::jobId).toList(),
        replacements.stream().map(Replacement::later).toList());
    return ReadStatements.find(session, ids);
  }

  /** Takes their keys again for jobs that have ended; returns those that may live again. */
  static List<Long> retake(Session session, Dialect dialect, List<Long> ended) {
    List<KeyWish> all =
        session
            .query(ENDED)
            .bindArray("ids", Long.class, ended)
            .map((row, context) -> KeyWish.again(row))
            .list();
    Map<String, KeyWish> first = new LinkedHashMap<>();
    all.forEach(wish -> first.putIfAbsent(wish.key(), wish));
    Held held = take(session, dialect, first.values());
    Set<Long> refused =
        all.stream()
            .filter(
                wish -> !wish.equals(first.get(wish.key())) || held.jobs().containsKey(wish.key()))
            .map(KeyWish::jobId)
            .collect(Collectors.toSet());
    return ended.stream().filter(id -> !refused.contains(id)).toList();
  }

  /** Gives up the keys of jobs that are about to be deleted. */
  static void release(Session session, Collection<Long> ids) {
    Set<String> keys =
        session.query(KEYS).bindArray("ids", Long.class, ids).mapTo(String.class).set();
    if (keys.isEmpty()) {
      return;
    }
    List<String> locked =
        session
            .query(LOCK_KEYS)
            .bindArray("keys", String.class, keys)
            .bindArray("ids", Long.class, ids)
            .mapTo(String.class)
            .list();
    session.update(DELETE_KEYS).bindArray("keys", String.class, locked).execute();
  }
}
