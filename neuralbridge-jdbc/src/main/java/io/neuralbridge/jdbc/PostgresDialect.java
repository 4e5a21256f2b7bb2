package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobError;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.Band;
import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.DueJobs;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.queue.WakeUps;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/** PostgreSQL 14 and later: every verb is one statement over arrays. */
final class PostgresDialect implements Dialect {

  // Arrays are cast because a driver in simple query mode sends them untyped. The sort makes ids
  // grow in the order given. <unique…> is empty where no job has a unique key.
  private static final String INSERT =
      """
      INSERT INTO nb_job
        (<unique>kind, queue, priority, max_attempts, tags, args, meta, limit_key, weight, deadline,
         state, needed, flow_id, created_at, run_at)
      SELECT <uniqueValues>v.kind, v.queue, v.priority, v.max_attempts, v.tags, v.args, v.meta,
             v.limit_key, v.weight, v.deadline, v.state, v.needed, nullif(v.flow_id, 0), <now>,
             coalesce(v.run_at, <now> + v.delay * interval '1 microsecond')
      FROM unnest(
             cast(:kinds AS text[]), cast(:queues AS text[]), cast(:priorities AS smallint[]),
             cast(:maxAttempts AS smallint[]), cast(:tags AS text[]), cast(:args AS text[]),
             cast(:metas AS text[]), cast(:keys AS text[]), cast(:weights AS integer[]),
             cast(:deadlines AS timestamptz[]), cast(:states AS smallint[]),
             cast(:needed AS boolean[]), cast(:flows AS bigint[]),
             cast(:runAts AS timestamptz[]), cast(:delays AS bigint[])<uniqueArrays>)
           WITH ORDINALITY
           AS v(kind, queue, priority, max_attempts, tags, args, meta, limit_key, weight, deadline,
                state, needed, flow_id, run_at, delay<uniqueNames>, n)
      ORDER BY v.n
      RETURNING id, created_at, run_at
      """;

  private static final String INSERT_ARGS =
      """
      INSERT INTO nb_job_args (job_id, args)
      SELECT * FROM unnest(cast(:ids AS bigint[]), cast(:args AS text[]))
      """;

  /** What to look through where no job of a priority counts for more than it was given. */
  static final String CLAIM =
      claim(
          """
          unnest(cast(:priorities AS smallint[])) WITH ORDINALITY AS p(priority, n)""",
          "w.run_at <= <now>");

  /** The same, stretch by stretch of waiting time. */
  static final String CLAIM_AGED =
      claim(
          """
          unnest(cast(:priorities AS smallint[]), cast(:froms AS bigint[]), cast(:tos AS bigint[]))
            WITH ORDINALITY AS p(priority, waited, below, n)""",
          """
          w.run_at <= <now> - p.waited * interval '1 microsecond'
            AND w.run_at > coalesce(<now> - p.below * interval '1 microsecond', '-infinity')""");

  // One probe of the ready index a range, in their order, so that jobs that are due later cost
  // nothing; fenced, because a nested loop might run the limit twice. The rows to change are named
  // by
  // an array that the planner does not know and takes for short, here and below: joined with some
  // hundred of them, it reads the whole table.
  private static String claim(String ranges, String due) {
    return """
      WITH picked AS MATERIALIZED (
        SELECT due.id
        FROM %s
        CROSS JOIN LATERAL (
          SELECT w.id FROM nb_job w
          WHERE w.state = 0 AND w.limit_key IS NULL AND w.queue = :queue
            AND w.priority = p.priority AND %s
          ORDER BY w.run_at, w.id
          LIMIT :limit
          FOR UPDATE SKIP LOCKED) due
        WHERE EXISTS (SELECT 1 FROM nb_node n WHERE n.id = :node)
          AND NOT EXISTS (SELECT 1 FROM nb_queue q WHERE q.name = :queue AND NOT q.plain)
        LIMIT :limit)
      UPDATE nb_job j
      SET state = 1, node_id = :node, token = :token, attempt = j.attempt + 1
      WHERE j.id = ANY(ARRAY(SELECT p.id FROM picked p))
      RETURNING j.cancel_requested, <now> AS claimed_at, <job>
      """
        .formatted(ranges, due);
  }

  // By id; naming the state plainly would lure the planner into an index of waiting jobs.
  static final String LEASE =
      """
      WITH picked AS MATERIALIZED (
        SELECT w.id FROM nb_job w
        WHERE w.id = ANY(cast(:ids AS bigint[])) AND w.state + 0 = 0 AND w.queue = :queue
          AND w.run_at <= <now>
        FOR UPDATE SKIP LOCKED)
      UPDATE nb_job j
      SET state = 1, node_id = :node, token = :token, attempt = j.attempt + 1
      WHERE j.id = ANY(ARRAY(SELECT p.id FROM picked p))
      RETURNING j.cancel_requested, <now> AS claimed_at, <job>
      """;

  // Guards the transaction on its way, which saves a round trip. Matches on id and token only:
  // naming the state as well lures the planner into the index of
  // executing jobs, which its statistics call empty.
  private static final String FINISH =
      """
      WITH w AS MATERIALIZED (
        SELECT * FROM unnest(
          cast(:ids AS bigint[]), cast(:tokens AS bigint[]),
          cast(:states AS smallint[]), cast(:results AS text[])) AS w(id, token, state, result)),
      ended AS (
        DELETE FROM nb_job j
        USING w
        WHERE j.id = ANY(ARRAY(SELECT w.id FROM w)) AND j.id = w.id AND j.token = w.token
        RETURNING j.*, w.state AS final_state, w.result),
      moved AS (
        INSERT INTO nb_job_history (<lasting>, finished_at, crashes, state, result)
        SELECT <lasting>, <now>, crashes + :crashes, final_state, result FROM ended),
      guard AS MATERIALIZED (
        SELECT set_config('idle_in_transaction_session_timeout', '10s', true))
      SELECT id, token, needed, flow_id FROM ended CROSS JOIN guard
      """;

  private static final String BACK =
      """
      WITH b AS MATERIALIZED (
        SELECT * FROM unnest(
          cast(:ids AS bigint[]), cast(:tokens AS bigint[]),
          cast(:delays AS bigint[]), cast(:refunds AS smallint[])) AS b(id, token, delay, refund))
      UPDATE nb_job j
      SET state = 0, node_id = NULL, token = NULL,
          run_at =
            CASE WHEN b.delay IS NULL THEN j.run_at
                 WHEN j.cancel_requested THEN <now>
                 ELSE <now> + b.delay * interval '1 microsecond' END,
          attempt = j.attempt - b.refund,
          crashes = j.crashes + :crashes
      FROM b
      WHERE j.id = ANY(ARRAY(SELECT b.id FROM b)) AND j.id = b.id AND j.token = b.token
      RETURNING j.id, b.token
      """;

  private static final String LOCK_CHAINS =
      """
      INSERT INTO nb_chain (chain_key, tail_id)
      SELECT k, 0 FROM unnest(cast(:keys AS text[])) AS k ORDER BY k COLLATE "C"
      ON CONFLICT (chain_key) DO UPDATE SET tail_id = nb_chain.tail_id
      RETURNING chain_key, tail_id
      """;

  private static final String NOTE =
      """
      UPDATE nb_job_link l SET state = p.state
      FROM unnest(
             cast(:jobs AS bigint[]), cast(:needs AS bigint[]), cast(:states AS smallint[]))
           AS p(job_id, needs_id, state)
      WHERE l.job_id = p.job_id AND l.needs_id = p.needs_id
      """;

  private static final String SAVE_ERRORS =
      """
      INSERT INTO nb_job_error (job_id, attempt, failed_at, code, message, trace)
      SELECT * FROM unnest(
        cast(:ids AS bigint[]), cast(:attempts AS integer[]), cast(:times AS timestamptz[]),
        cast(:codes AS text[]), cast(:messages AS text[]), cast(:traces AS text[]))
      ON CONFLICT (job_id, attempt) DO UPDATE
      SET failed_at = excluded.failed_at, code = excluded.code,
          message = excluded.message, trace = excluded.trace
      """;

  // Less than a lease, so that what a stopped node has locked is free before it is rescued.
  private static final String GUARD =
      """
      SET LOCAL idle_in_transaction_session_timeout = '10s'
      """;

  // The last is a row that another transaction inserted first: the next try finds it.
  private static final String MARK_EMBEDDED =
      """
      UPDATE nb_embedding e
      SET status = 'embedded', tokens = m.tokens, error = NULL, embedded_at = <now>
      FROM unnest(cast(:ids AS text[]), cast(:tokens AS integer[])) AS m(id, tokens)
      JOIN nb_chunk c ON c.id = m.id
      WHERE e.chunk_id = m.id AND e.generation = :generation
        AND c.run >= (
          SELECT coalesce(d.completed_run, 0) FROM nb_document d WHERE d.name = c.document)
      RETURNING e.chunk_id
      """;

  private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03", "23505");

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public void configure(Jdbi jdbi) {
    jdbi.registerArrayType(Long.class, "bigint");
    jdbi.registerArrayType(Integer.class, "integer");
    jdbi.registerArrayType(String.class, "text");
    jdbi.registerArrayType(Boolean.class, "boolean");
    jdbi.define("bytes", "bytea");
    jdbi.define("or_nothing", "ON CONFLICT DO NOTHING");
    jdbi.define("for_share", "FOR SHARE");
    jdbi.define("later", Session.NOW + " + :delay * interval '1 microsecond'");
    jdbi.define("keyed", "j.limit_key IS NOT NULL");
    jdbi.define("unkeyed", "j.limit_key IS NULL");
    jdbi.define("by_queue", "j.queue");
    jdbi.define("by_due_time", "j.run_at, j.id");
    jdbi.getConfig(SqlStatements.class).addCustomizer(new Unprepared());
  }

  /**
   * Keeps the driver from preparing our statements on the server. A plan that was kept while the
   * table was empty scans it whole once it has filled, for seconds a claim. Set on the statement,
   * so that a host's connections stay as they are.
   */
  private static final class Unprepared implements StatementCustomizer {
    @Override
    public void beforeBinding(PreparedStatement statement, StatementContext context)
        throws SQLException {
      if (statement.isWrapperFor(PGStatement.class)) {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
      }
    }
  }

  @Override
  public void verify(Session session) {
    String encoding = session.query("SHOW server_encoding").mapTo(String.class).one();
    if (!encoding.equals("UTF8")) {
      throw new DatabaseException(
          DatabaseException.UNUSABLE,
          "the database's encoding is %s, which cannot hold every text; create it with ENCODING 'UTF8'"
              .formatted(encoding));
    }
  }

  @Override
  public boolean mayMakeTables(Session session) {
    return session
        .query("SELECT coalesce(has_schema_privilege(current_schema(), 'CREATE'), false)")
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  public boolean isConflict(SQLException e) {
    return CONFLICTS.contains(String.valueOf(e.getSQLState()));
  }

  @Override
  public boolean verbsAreStatements() {
    return true;
  }

  @Override
  public void guard(Session session) {
    session.execute(GUARD);
  }

  @Override
  public WakeUps wakeUps(Database database, DataSource dataSource) {
    return new PostgresWakeUps(database, dataSource, PostgresWakeUps.Timing.DEFAULT);
  }

  @Override
  public List<JobRows.Inserted> insert(
      Session session, List<JobRows.NewRow> rows, @Nullable List<Long> ids) {
    List<NewJob> jobs = rows.stream().map(JobRows.NewRow::job).toList();
    Query statement = PostgresUnique.columns(session.query(INSERT), jobs, ids);
    return new Arrays<>(insert(statement, jobs), rows)
        .ints("states", JobRows.NewRow::state)
        .booleans("needed", JobRows.NewRow::needed)
        .longs("flows", JobRows.NewRow::flowOrZero)
        .statement
        .map((row, context) -> JobRows.Inserted.of(row))
        .list();
  }

  private static Query insert(Query statement, List<NewJob> jobs) {
    return new Arrays<>(statement, jobs)
        .texts("kinds", job -> job.spec().kind())
        .texts("queues", job -> job.spec().queue())
        .ints("priorities", job -> job.spec().priority())
        .ints("maxAttempts", job -> job.spec().maxAttempts())
        .texts("tags", job -> SqlText.tags(job.spec().tags()))
        .texts("args", JobArgs::inline)
        .texts("metas", job -> SqlText.meta(job.spec().meta()))
        .texts("keys", job -> SqlText.cleanOrNull(job.spec().share().key()))
        .ints("weights", job -> job.spec().share().weight())
        .texts("deadlines", job -> SqlText.instantOrNull(job.spec().deadline()))
        .texts("runAts", job -> SqlText.instantOrNull(job.runAt()))
        .longs("delays", job -> SqlText.micros(job.delay()))
        .statement;
  }

  @Override
  public List<Long> drawIds(Session session, int count) {
    return PostgresUnique.drawIds(session, count);
  }

  @Override
  public Set<String> takeKeys(Session session, List<KeyWish> wishes) {
    return PostgresUnique.takeKeys(session, wishes);
  }

  @Override
  public void insertArgs(Session session, List<Long> ids, List<String> args) {
    session
        .update(INSERT_ARGS)
        .bindArray("ids", Long.class, ids)
        .bindArray("args", String.class, args)
        .execute();
  }

  @Override
  public List<JobRows.Leased> claim(
      Session session, Claim claim, List<Band.Range> ranges, long token) {
    boolean aged = ranges.stream().anyMatch(range -> range.to() != null);
    return leased(
        new Arrays<>(session.query(aged ? CLAIM_AGED : CLAIM), ranges)
            .ints("priorities", Band.Range::priority)
            .longs("froms", range -> SqlText.micros(range.from()))
            .longs("tos", range -> QueueRow.microsOrNull(range.to()))
            .statement
            .bind("limit", claim.limit()),
        claim,
        token);
  }

  @Override
  public DueJobs dueJobs(Session session, String queue) {
    return new PostgresDueRows(session, queue);
  }

  @Override
  public List<JobRows.Leased> lease(Session session, Claim claim, long token, List<Long> ids) {
    return leased(session.query(LEASE).bindArray("ids", Long.class, ids), claim, token);
  }

  private static List<JobRows.Leased> leased(Query query, Claim claim, long token) {
    return query
        .bind("queue", claim.queue())
        .bind("node", claim.node())
        .bind("token", token)
        .map((row, context) -> JobRows.Leased.of(row))
        .list();
  }

  @Override
  public Collection<JobRows.Ended> finish(
      Session session, List<Transition.Finish> ends, int crashes) {
    return new Arrays<>(session.query(FINISH), ends)
        .longs("ids", Transition::jobId)
        .longs("tokens", Transition::token)
        .ints("states", end -> JobRows.stored(end.state()))
        .texts("results", end -> SqlText.cleanOrNull(end.result()))
        .statement
        .bind("crashes", crashes)
        .map((row, context) -> JobRows.Ended.of(row))
        .list();
  }

  @Override
  public Collection<JobRows.Key> back(Session session, List<Transition.Back> backs, int crashes) {
    return new Arrays<>(session.query(BACK), backs)
        .longs("ids", Transition::jobId)
        .longs("tokens", Transition::token)
        .longs("delays", back -> SqlText.microsOrNull(back.delay()))
        .ints("refunds", back -> back.refund() ? 1 : 0)
        .statement
        .bind("crashes", crashes)
        .map((row, context) -> JobRows.Key.of(row))
        .list();
  }

  @Override
  public void saveErrors(Session session, List<JobRows.ErrorRow> errors) {
    List<JobError> all = errors.stream().map(JobRows.ErrorRow::error).toList();
    new Arrays<>(
            new Arrays<>(session.update(SAVE_ERRORS), errors)
                .longs("ids", JobRows.ErrorRow::jobId)
                .statement,
            all)
        .ints("attempts", JobError::attempt)
        .texts("times", error -> SqlText.instant(error.at()))
        .texts("codes", error -> SqlText.clean(error.code()))
        .texts("messages", error -> SqlText.clean(error.message()))
        .texts("traces", error -> SqlText.clean(error.trace()))
        .statement
        .execute();
  }

  @Override
  public Map<String, Long> lockChains(Session session, List<String> keys) {
    Map<String, Long> tails = new HashMap<>();
    session
        .query(LOCK_CHAINS)
        .bindArray("keys", String.class, keys)
        .map((row, context) -> Map.entry(row.getString("chain_key"), row.getLong("tail_id")))
        .forEach(row -> tails.put(row.getKey(), row.getValue()));
    return tails;
  }

  @Override
  public void note(Session session, List<LinkStatements.Change> changes) {
    if (!changes.isEmpty()) {
      new Arrays<>(session.update(NOTE), changes)
          .longs("jobs", LinkStatements.Change::job)
          .longs("needs", LinkStatements.Change::needs)
          .ints("states", change -> LinkStatements.stored(change.state()))
          .statement
          .execute();
    }
  }

  @Override
  public Set<String> markEmbedded(Session session, long generation, Map<String, Integer> tokens) {
    List<String> ids = tokens.keySet().stream().sorted().toList();
    return new HashSet<>(
        session
            .query(MARK_EMBEDDED)
            .bind("generation", generation)
            .bindArray("ids", String.class, ids)
            .bindArray("tokens", Integer.class, ids.stream().map(tokens::get).toList())
            .mapTo(String.class)
            .list());
  }

  /** Binds columns of values as arrays. */
  record Arrays<S extends SqlStatement<S>, V>(S statement, List<V> values) {

    Arrays<S, V> longs(String name, Function<V, @Nullable Long> column) {
      statement.bindArray(name, Long.class, values.stream().map(column).toArray());
      return this;
    }

    Arrays<S, V> ints(String name, Function<V, @Nullable Integer> column) {
      statement.bindArray(name, Integer.class, values.stream().map(column).toList());
      return this;
    }

    Arrays<S, V> booleans(String name, Function<V, Boolean> column) {
      statement.bindArray(name, Boolean.class, values.stream().map(column).toList());
      return this;
    }

    Arrays<S, V> texts(String name, Function<V, @Nullable String> column) {
      statement.bindArray(name, String.class, values.stream().map(column).toArray());
      return this;
    }
  }
}
