package io.neuralbridge.jdbc;

import io.neuralbridge.schedule.ScheduleEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Entries, and the planned times that got their job. */
final class ScheduleStatements {

  private static final String SELECT =
      "SELECT " + ScheduleRows.ENTRY + ", <now> AS seen_at FROM nb_schedule e ";

  private static final String FIND = SELECT + "WHERE e.name = :name";

  private static final String LOCK = FIND + " FOR UPDATE";

  private static final String LIST = SELECT + "ORDER BY e.name";

  private static final String LOCK_DECLARED =
      SELECT
          + """
          WHERE e.declared IS NOT NULL OR e.name = ANY(cast(:names AS varchar array))
          ORDER BY e.name
          FOR UPDATE
          """;

  // Entries that another node fires right now are passed by.
  private static final String DUE =
      SELECT
          + """
          WHERE e.next_at <= <now>
          ORDER BY e.next_at, e.name
          LIMIT :limit
          FOR UPDATE SKIP LOCKED
          """;

  private static final String UNTIL_NEXT =
      """
      SELECT <now> AS seen_at, min(e.next_at) AS due_at FROM nb_schedule e
      """;

  private static final String NOW =
      """
      SELECT <now> AS seen_at
      """;

  private static final String UPDATE =
      """
      UPDATE nb_schedule
      SET schedule = :schedule, zone = :zone,
          next_at = cast(:nextAt AS timestamp(6) with time zone),
          last_at = cast(:lastAt AS timestamp(6) with time zone),
          last_job_id = :lastJobId, manual_job_id = :manualJobId,
          misfire = :misfire, start_within = :startWithin, catch_up = :catchUp,
          overlap = :overlap, declared = :declared,
          priority = :priority, max_attempts = :maxAttempts, weight = :weight, queue = :queue,
          kind = :kind, limit_key = :limitKey, unique_key = :uniqueKey, tags = :tags, args = :args, meta = :meta
      WHERE name = :name
      """;

  private static final String INSERT =
      """
      INSERT INTO nb_schedule
        (name, schedule, zone, next_at, last_at, last_job_id, manual_job_id, misfire, start_within,
         catch_up, overlap, declared, priority, max_attempts, weight, queue, kind, limit_key,
         unique_key, tags, args, meta)
      VALUES
        (:name, :schedule, :zone, cast(:nextAt AS timestamp(6) with time zone),
         cast(:lastAt AS timestamp(6) with time zone), :lastJobId, :manualJobId, :misfire,
         :startWithin, :catchUp, :overlap, :declared, :priority, :maxAttempts, :weight, :queue,
         :kind, :limitKey, :uniqueKey, :tags, :args, :meta)
      """;

  private static final String ADVANCE =
      """
      UPDATE nb_schedule
      SET next_at = cast(:nextAt AS timestamp(6) with time zone),
          last_at = cast(:lastAt AS timestamp(6) with time zone),
          last_job_id = :lastJobId
      WHERE name = :name
      """;

  private static final String DEFER =
      """
      UPDATE nb_schedule SET next_at = <later> WHERE name = ANY(cast(:names AS varchar array))
      """;

  private static final String DELETE =
      """
      DELETE FROM nb_schedule WHERE name = :name
      """;

  private static final String DELETE_RUNS =
      """
      DELETE FROM nb_schedule_run WHERE name = :name
      """;

  private static final String FIRED =
      """
      SELECT r.name, r.planned_at
      FROM unnest(
             cast(:names AS varchar array),
             cast(:times AS timestamp(6) with time zone array)) AS p(name, planned_at)
      JOIN nb_schedule_run r ON r.name = p.name AND r.planned_at = p.planned_at
      """;

  private static final String REMEMBER =
      """
      INSERT INTO nb_schedule_run (name, planned_at, job_id)
      VALUES (:name, cast(:planned AS timestamp(6) with time zone), :job)
      """;

  private static final String FORGET =
      """
      DELETE FROM nb_schedule_run
      WHERE name = ANY(cast(:names AS varchar array)) AND planned_at < <later>
      """;

  private static final String LIVE =
      """
      SELECT id FROM nb_job WHERE id = ANY(cast(:ids AS bigint array))
      """;

  /** One planned time of one entry. */
  record Planned(String name, Instant time) {}

  private ScheduleStatements() {}

  static Optional<ScheduleEntry> find(Session session, String name) {
    return rows(session.query(FIND).bind("name", name)).stream()
        .flatMap(row -> row.entry().stream())
        .findFirst();
  }

  static Optional<ScheduleRows.Row> lock(Session session, String name) {
    return rows(session.query(LOCK).bind("name", name)).stream().findFirst();
  }

  static List<ScheduleEntry> list(Session session) {
    return rows(session.query(LIST)).stream().flatMap(row -> row.entry().stream()).toList();
  }

  /** Those of the code, and those of the given names. */
  static List<ScheduleRows.Row> lockDeclared(Session session, List<String> names) {
    return rows(session.query(LOCK_DECLARED).bindArray("names", String.class, names));
  }

  static List<ScheduleRows.Row> lockDue(Session session, int limit) {
    return rows(session.query(DUE).bind("limit", limit));
  }

  private static List<ScheduleRows.Row> rows(Query query) {
    return query.map((row, context) -> ScheduleRows.Row.of(row)).list();
  }

  static Optional<Duration> untilNext(Session session) {
    return session.query(UNTIL_NEXT).map((row, context) -> wait(row)).one();
  }

  private static Optional<Duration> wait(ResultSet row) throws SQLException {
    Instant seenAt = JobRows.instant(row, "seen_at");
    return Optional.ofNullable(JobRows.instantOrNull(row, "due_at"))
        .map(due -> due.isBefore(seenAt) ? Duration.ZERO : Duration.between(seenAt, due));
  }

  static Instant now(Session session) {
    return session.query(NOW).map((row, context) -> JobRows.instant(row, "seen_at")).one();
  }

  static void insert(Session session, ScheduleEntry entry) {
    ScheduleRows.bind(session.update(INSERT), entry).execute();
  }

  static void update(Session session, ScheduleEntry entry) {
    ScheduleRows.bind(session.update(UPDATE), entry).execute();
  }

  static void advance(Session session, Collection<ScheduleEntry> entries) {
    PreparedBatch batch = session.batch(ADVANCE);
    entries.forEach(entry -> ScheduleRows.bindTimes(batch, entry).add());
    batch.execute();
  }

  static void defer(Session session, List<String> names, Duration delay) {
    session
        .update(DEFER)
        .bindArray("names", String.class, names)
        .bind("delay", SqlText.micros(delay))
        .execute();
  }

  static boolean delete(Session session, String name) {
    boolean deleted = session.update(DELETE).bind("name", name).execute() > 0;
    session.update(DELETE_RUNS).bind("name", name).execute();
    return deleted;
  }

  /** Which of them got their job before. */
  static Set<Planned> fired(Session session, Collection<Planned> planned) {
    return new HashSet<>(
        session
            .query(FIRED)
            .bindArray("names", String.class, planned.stream().map(Planned::name).toList())
            .bindArray(
                "times",
                String.class,
                planned.stream().map(each -> SqlText.instant(each.time())).toList())
            .map(
                (row, context) ->
                    new Planned(row.getString("name"), JobRows.instant(row, "planned_at")))
            .list());
  }

  /** Notes the job of each planned time, in the same order. */
  static void remember(Session session, List<Planned> planned, List<Long> jobs) {
    PreparedBatch batch = session.batch(REMEMBER);
    for (int i = 0; i < planned.size(); i++) {
      batch
          .bind("name", planned.get(i).name())
          .bind("planned", SqlText.instant(planned.get(i).time()))
          .bind("job", jobs.get(i))
          .add();
    }
    batch.execute();
  }

  static void forget(Session session, Collection<String> names, Duration age) {
    session
        .update(FORGET)
        .bindArray("names", String.class, names)
        .bind("delay", -SqlText.micros(age))
        .execute();
  }

  /** Which of these jobs are not final. */
  static Set<Long> live(Session session, Collection<Long> ids) {
    return new HashSet<>(
        session.query(LIVE).bindArray("ids", Long.class, ids).mapTo(Long.class).list());
  }
}
