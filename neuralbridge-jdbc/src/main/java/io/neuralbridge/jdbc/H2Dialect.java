package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Band;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.DueJobs;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.queue.WakeUps;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.h2.api.ErrorCode;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** H2 2.2 and later: no arrays of rows, but round trips cost nothing. */
final class H2Dialect implements Dialect {

  private static final String INSERT =
      """
      INSERT INTO nb_job
        (<unique>kind, queue, priority, max_attempts, tags, args, meta, limit_key, weight, deadline,
         state, needed, flow_id, created_at, run_at)
      VALUES (<uniqueValues>:kind, :queue, :priority, :maxAttempts, :tags, :args, :meta, :key, :weight,
              cast(:deadline AS timestamp(6) with time zone), :state, :needed, nullif(:flow, 0),
              <now>,
              coalesce(cast(:runAt AS timestamp(6) with time zone), <later>))
      """;

  private static final String INSERT_ARGS =
      """
      INSERT INTO nb_job_args (job_id, args) VALUES (:id, :args)
      """;

  private static final String MAY_CLAIM =
      """
      SELECT count(*) FROM nb_node
      WHERE id = :node
        AND NOT EXISTS (SELECT 1 FROM nb_queue q WHERE q.name = :queue AND NOT q.plain)
      """;

  // All columns of the index in the order make H2 stop at the limit.
  private static final String DUE =
      """
      SELECT j.id FROM nb_job j
      WHERE j.state = 0 AND <unkeyed> AND j.queue = :queue AND j.priority = :priority
        AND j.run_at <= dateadd(microsecond, -:from, <now>)
        AND j.run_at > coalesce(
              dateadd(microsecond, -:to, <now>), timestamp with time zone '0000-01-01 00:00:00+00')
      ORDER BY <by_due_time>
      LIMIT :limit
      """;

  // Apart from the look above: with FOR UPDATE H2 sorts, and locks every due row before it does.
  // A job may have moved to another queue since.
  private static final String PICK =
      """
      SELECT id FROM nb_job
      WHERE id = ANY(:ids) AND state = 0 AND run_at <= <now> AND queue = :queue
      FOR UPDATE
      """;

  private static final String LEASE =
      """
      UPDATE nb_job SET state = 1, node_id = :node, token = :token, attempt = attempt + 1
      WHERE id = ANY(:ids)
      """;

  private static final String LEASED =
      """
      SELECT j.cancel_requested, <now> AS claimed_at, <job> FROM nb_job j WHERE j.id = ANY(:ids)
      """;

  private static final String LOCK =
      """
      SELECT id, token, needed, flow_id FROM nb_job
      WHERE id = ANY(:ids) AND token IS NOT NULL
      FOR UPDATE
      """;

  private static final String MOVE =
      """
      INSERT INTO nb_job_history (<lasting>, finished_at, crashes, state, result)
      SELECT <lasting>, <now>, crashes + :crashes, :state, :result FROM nb_job WHERE id = :id
      """;

  private static final String DELETE =
      """
      DELETE FROM nb_job WHERE id = :id
      """;

  private static final String BACK =
      """
      UPDATE nb_job
      SET state = 0, node_id = NULL, token = NULL,
          run_at = CASE WHEN cast(:delay AS bigint) IS NULL THEN run_at
                        WHEN cancel_requested THEN <now> ELSE <later> END,
          attempt = attempt - :refund, crashes = crashes + :crashes
      WHERE id = :id AND token = :token
      """;

  private static final String LOCK_CHAINS =
      """
      SELECT chain_key, tail_id FROM nb_chain WHERE chain_key = ANY(:keys)
      ORDER BY chain_key
      FOR UPDATE
      """;

  private static final String ADD_CHAIN =
      """
      INSERT INTO nb_chain (chain_key, tail_id) VALUES (:key, 0)
      """;

  private static final String NOTE =
      """
      UPDATE nb_job_link SET state = :state WHERE job_id = :job AND needs_id = :needs
      """;

  private static final String MARK_EMBEDDED =
      """
      UPDATE nb_embedding
      SET status = 'embedded', tokens = :tokens, error = NULL, embedded_at = <now>
      WHERE chunk_id = :id AND generation = :generation
        AND EXISTS (
          SELECT 1
          FROM nb_chunk c JOIN nb_document d ON d.name = c.document
          WHERE c.id = :id AND c.run >= coalesce(d.completed_run, 0))
      """;

  private static final String SAVE_ERROR =
      """
      MERGE INTO nb_job_error (job_id, attempt, failed_at, code, message, trace)
      KEY (job_id, attempt)
      VALUES (:id, :attempt, cast(:at AS timestamp(6) with time zone), :code, :message, :trace)
      """;

  private static final Set<Integer> CONFLICTS =
      Set.of(
          ErrorCode.DEADLOCK_1,
          ErrorCode.LOCK_TIMEOUT_1,
          ErrorCode.CONCURRENT_UPDATE_1,
          ErrorCode.DUPLICATE_KEY_1);

  @Override
  public String name() {
    return "h2";
  }

  @Override
  public void configure(Jdbi jdbi) {
    jdbi.registerArrayType(Long.class, "bigint");
    jdbi.registerArrayType(Integer.class, "integer");
    jdbi.registerArrayType(String.class, "varchar");
    jdbi.registerArrayType(Boolean.class, "boolean");
    jdbi.define("bytes", "varbinary");
    jdbi.define("or_nothing", "");
    jdbi.define("for_share", "FOR UPDATE");
    jdbi.define("later", "dateadd(microsecond, :delay, " + Session.NOW + ")");
    jdbi.define("keyed", "j.keyed = TRUE");
    jdbi.define("unkeyed", "j.keyed = FALSE");
    jdbi.define("by_queue", "j.state, j.queue, j.keyed, j.priority, j.run_at, j.id");
    jdbi.define("by_due_time", "j.state, j.queue, j.keyed, j.priority, j.run_at, j.id");
  }

  @Override
  public void verify(Session session) {}

  @Override
  public boolean mayMakeTables(Session session) {
    return true;
  }

  @Override
  public boolean isConflict(SQLException e) {
    return CONFLICTS.contains(e.getErrorCode());
  }

  @Override
  public boolean verbsAreStatements() {
    return false;
  }

  // Whoever stands still here stands still with the database.
  @Override
  public void guard(Session session) {}

  @Override
  public WakeUps wakeUps(Database database, DataSource dataSource) {
    return WakeUps.NONE;
  }

  @Override
  public List<JobRows.Inserted> insert(
      Session session, List<JobRows.NewRow> rows, @Nullable List<Long> ids) {
    PreparedBatch batch = H2Unique.columns(session.batch(INSERT), ids);
    for (int i = 0; i < rows.size(); i++) {
      JobRows.NewRow row = rows.get(i);
      NewJob job = row.job();
      JobSpec spec = job.spec();
      H2Unique.bind(batch, job, ids == null ? null : ids.get(i))
          .bind("now", session.now())
          .bind("kind", spec.kind())
          .bind("queue", spec.queue())
          .bind("priority", spec.priority())
          .bind("maxAttempts", spec.maxAttempts())
          .bind("tags", SqlText.tags(spec.tags()))
          .bind("args", JobArgs.inline(job))
          .bind("meta", SqlText.meta(spec.meta()))
          .bind("key", SqlText.cleanOrNull(spec.share().key()))
          .bind("weight", spec.share().weight())
          .bind("deadline", SqlText.instantOrNull(spec.deadline()))
          .bind("state", row.state())
          .bind("needed", row.needed())
          .bind("flow", row.flowOrZero())
          .bind("runAt", SqlText.instantOrNull(job.runAt()))
          .bind("delay", SqlText.micros(job.delay()))
          .add();
    }
    return batch
        .executePreparedBatch("id", "created_at", "run_at")
        .map((inserted, context) -> JobRows.Inserted.of(inserted))
        .list();
  }

  @Override
  public List<Long> drawIds(Session session, int count) {
    return H2Unique.drawIds(session, count);
  }

  @Override
  public Set<String> takeKeys(Session session, List<KeyWish> wishes) {
    return H2Unique.takeKeys(session, wishes);
  }

  @Override
  public void insertArgs(Session session, List<Long> ids, List<String> args) {
    PreparedBatch batch = session.batch(INSERT_ARGS);
    for (int i = 0; i < ids.size(); i++) {
      batch.bind("id", ids.get(i)).bind("args", args.get(i)).add();
    }
    batch.execute();
  }

  @Override
  public List<JobRows.Leased> claim(
      Session session, Claim claim, List<Band.Range> ranges, long token) {
    List<Long> ids = new ArrayList<>();
    if (mayClaim(session, claim)) {
      for (Band.Range range : ranges) {
        claim(session, claim, token, range, ids);
      }
    }
    return ids.isEmpty() ? List.of() : leased(session, ids);
  }

  // Again while there are due jobs: those that it saw may have gone to another while it waited.
  private static void claim(
      Session session, Claim claim, long token, Band.Range range, List<Long> ids) {
    while (ids.size() < claim.limit()) {
      List<Long> due = due(session, claim, range, claim.limit() - ids.size());
      if (due.isEmpty()) {
        return;
      }
      ids.addAll(pickAndLease(session, claim, token, due));
    }
  }

  private static boolean mayClaim(Session session, Claim claim) {
    return session
            .query(MAY_CLAIM)
            .bind("node", claim.node())
            .bind("queue", claim.queue())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  private static List<Long> due(Session session, Claim claim, Band.Range range, int limit) {
    return session
        .query(DUE)
        .bind("queue", claim.queue())
        .bind("priority", range.priority())
        .bind("from", SqlText.micros(range.from()))
        .bindByType("to", QueueRow.microsOrNull(range.to()), Long.class)
        .bind("limit", limit)
        .mapTo(Long.class)
        .list();
  }

  @Override
  public DueJobs dueJobs(Session session, String queue) {
    return new H2DueRows(session, queue);
  }

  @Override
  public List<JobRows.Leased> lease(Session session, Claim claim, long token, List<Long> ids) {
    List<Long> picked = pickAndLease(session, claim, token, ids);
    return picked.isEmpty() ? List.of() : leased(session, picked);
  }

  private static List<Long> pickAndLease(Session session, Claim claim, long token, List<Long> due) {
    List<Long> picked = pick(session, claim.queue(), due);
    if (!picked.isEmpty()) {
      lease(session, claim.node(), token, picked);
    }
    return picked;
  }

  private static List<Long> pick(Session session, String queue, List<Long> due) {
    return session
        .query(PICK)
        .bind("queue", queue)
        .bindArray("ids", Long.class, due)
        .mapTo(Long.class)
        .list();
  }

  private static void lease(Session session, long node, long token, List<Long> ids) {
    session
        .update(LEASE)
        .bind("node", node)
        .bind("token", token)
        .bindArray("ids", Long.class, ids)
        .execute();
  }

  private static List<JobRows.Leased> leased(Session session, List<Long> ids) {
    return session
        .query(LEASED)
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> JobRows.Leased.of(row))
        .list();
  }

  @Override
  public Collection<JobRows.Ended> finish(
      Session session, List<Transition.Finish> ends, int crashes) {
    Map<JobRows.Key, JobRows.Ended> leases =
        lock(session, ends.stream().map(Transition::jobId).toList());
    List<JobRows.Ended> accepted = new ArrayList<>();
    PreparedBatch moves = session.batch(MOVE);
    PreparedBatch deletes = session.batch(DELETE);
    for (Transition.Finish end : ends) {
      JobRows.Ended ended = leases.remove(new JobRows.Key(end.jobId(), end.token()));
      if (ended != null) {
        accepted.add(ended);
        moves
            .bind("now", session.now())
            .bind("id", end.jobId())
            .bind("crashes", crashes)
            .bind("state", JobRows.stored(end.state()))
            .bind("result", SqlText.cleanOrNull(end.result()))
            .add();
        deletes.bind("id", end.jobId()).add();
      }
    }
    if (!accepted.isEmpty()) {
      moves.execute();
      deletes.execute();
    }
    return accepted;
  }

  private static Map<JobRows.Key, JobRows.Ended> lock(Session session, List<Long> ids) {
    Map<JobRows.Key, JobRows.Ended> leases = new HashMap<>();
    session
        .query(LOCK)
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> JobRows.Ended.of(row))
        .forEach(lease -> leases.put(lease.key(), lease));
    return leases;
  }

  @Override
  public Collection<JobRows.Key> back(Session session, List<Transition.Back> backs, int crashes) {
    PreparedBatch batch = session.batch(BACK);
    for (Transition.Back back : backs) {
      batch
          .bind("now", session.now())
          .bind("id", back.jobId())
          .bind("token", back.token())
          .bind("delay", SqlText.microsOrNull(back.delay()))
          .bind("refund", back.refund() ? 1 : 0)
          .bind("crashes", crashes)
          .add();
    }
    int[] changed = batch.execute();
    List<JobRows.Key> accepted = new ArrayList<>();
    for (int i = 0; i < changed.length; i++) {
      if (changed[i] > 0) {
        accepted.add(new JobRows.Key(backs.get(i).jobId(), backs.get(i).token()));
      }
    }
    return accepted;
  }

  @Override
  public void saveErrors(Session session, List<JobRows.ErrorRow> errors) {
    PreparedBatch batch = session.batch(SAVE_ERROR);
    for (JobRows.ErrorRow row : errors) {
      JobError error = row.error();
      batch
          .bind("id", row.jobId())
          .bind("attempt", error.attempt())
          .bind("at", SqlText.instant(error.at()))
          .bind("code", SqlText.clean(error.code()))
          .bind("message", SqlText.clean(error.message()))
          .bind("trace", SqlText.clean(error.trace()))
          .add();
    }
    batch.execute();
  }

  @Override
  public Map<String, Long> lockChains(Session session, List<String> keys) {
    Map<String, Long> tails = new HashMap<>();
    session
        .query(LOCK_CHAINS)
        .bindArray("keys", String.class, keys)
        .map((row, context) -> Map.entry(row.getString("chain_key"), row.getLong("tail_id")))
        .forEach(row -> tails.put(row.getKey(), row.getValue()));
    PreparedBatch batch = session.batch(ADD_CHAIN);
    keys.stream()
        .filter(key -> tails.putIfAbsent(key, 0L) == null)
        .forEach(key -> batch.bind("key", key).add());
    batch.execute();
    return tails;
  }

  @Override
  public void note(Session session, List<LinkStatements.Change> changes) {
    PreparedBatch batch = session.batch(NOTE);
    for (LinkStatements.Change change : changes) {
      batch
          .bind("job", change.job())
          .bind("needs", change.needs())
          .bind("state", LinkStatements.stored(change.state()))
          .add();
    }
    batch.execute();
  }

  @Override
  public Set<String> markEmbedded(Session session, long generation, Map<String, Integer> tokens) {
    PreparedBatch batch = session.batch(MARK_EMBEDDED);
    List<String> ids = tokens.keySet().stream().sorted().toList();
    ids.forEach(
        id ->
            batch
                .bind("id", id)
                .bind("generation", generation)
                .bind("tokens", tokens.get(id))
                .bind("now", session.now())
                .add());
    int[] counts = batch.execute();
    Set<String> marked = new HashSet<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        marked.add(ids.get(i));
      }
    }
    return marked;
  }
}
