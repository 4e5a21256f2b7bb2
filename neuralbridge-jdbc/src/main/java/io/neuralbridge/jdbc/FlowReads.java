package io.neuralbridge.jdbc;

import io.neuralbridge.job.Flow;
import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowJob;
import io.neuralbridge.job.FlowLink;
import io.neuralbridge.job.FlowStore.NamedJob;
import io.neuralbridge.job.FlowStore.Which;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads of flows that change nothing. */
final class FlowReads {

  private static final String FIND =
      """
      SELECT id, kind, name, open, created_at, finished_at FROM nb_flow WHERE id = :flow
      """;

  private static final String COUNTS =
      """
      SELECT state, due, tried, count(*) AS jobs
      FROM (
        SELECT j.state, j.run_at <= <now> AS due, j.attempt > 0 AS tried
        FROM nb_job j
        WHERE j.flow_id = :flow
          AND NOT EXISTS (
            SELECT 1 FROM nb_flow_callback c WHERE c.flow_id = :flow AND c.job_id = j.id)) l
      GROUP BY state, due, tried
      UNION ALL
      SELECT h.state, true, true, count(*)
      FROM nb_job_history h
      WHERE h.flow_id = :flow
        AND NOT EXISTS (
          SELECT 1 FROM nb_flow_callback c WHERE c.flow_id = :flow AND c.job_id = h.id)
      GROUP BY h.state
      """;

  private static final String LIVE =
      """
      (SELECT id, kind, state, attempt, run_at <= <now> AS due FROM nb_job
       WHERE flow_id = :flow AND id > :after
       ORDER BY flow_id, id LIMIT :limit)
      """;

  // One a state, because the index has the state before the id.
  private static final String FINAL =
      """
      (SELECT id, kind, state, attempt, true AS due FROM nb_job_history
       WHERE flow_id = :flow AND state = %d AND id > :after
       ORDER BY flow_id, state, id LIMIT :limit)
      """;

  private static final String JOBS =
      """
      SELECT p.id, p.kind, p.state, p.attempt, p.due, n.name, c.event
      FROM (%s) p
      LEFT JOIN nb_flow_job n ON n.job_id = p.id
      LEFT JOIN nb_flow_callback c ON c.job_id = p.id
      ORDER BY p.id
      LIMIT :limit
      """;

  private static final String NAMED =
      """
      SELECT name, job_id FROM nb_flow_job
      WHERE flow_id = :flow AND name >= :from AND name < :to AND job_id > :after
      ORDER BY job_id
      LIMIT :limit
      """;

  private static final String EXACT =
      """
      SELECT job_id FROM nb_flow_job WHERE flow_id = :flow AND name = :name
      """;

  private static final String LINKS =
      """
      SELECT l.job_id, l.needs_id, l.on_failure
      FROM nb_flow_job n JOIN nb_job_link l ON l.job_id = n.job_id
      WHERE n.flow_id = :flow
      ORDER BY l.job_id, l.needs_id
      """;

  private static final Map<Which, String> PAGES =
      Map.of(
          Which.LIVE, page(LIVE),
          Which.FAILED, page(FINAL.formatted(3), FINAL.formatted(4)),
          Which.ALL, page(LIVE, FINAL.formatted(2), FINAL.formatted(3), FINAL.formatted(4)));

  private FlowReads() {}

  private static String page(String... parts) {
    return JOBS.formatted(String.join("UNION ALL ", parts));
  }

  static Optional<Flow> find(Session session, long flow) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    return session
        .query(FIND)
        .bind("flow", flow)
        .map((row, context) -> flow(row, counts))
        .findOne()
        .map(found -> counted(session, found));
  }

  private static Flow flow(ResultSet row, Map<JobState, Long> counts) throws SQLException {
    return new Flow(
        row.getLong("id"),
        FlowStatements.kind(row.getInt("kind")),
        row.getString("name"),
        row.getBoolean("open"),
        JobRows.instant(row, "created_at"),
        JobRows.instantOrNull(row, "finished_at"),
        counts);
  }

  private static Flow counted(Session session, Flow flow) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    session
        .query(COUNTS)
        .bind("flow", flow.id())
        .map((row, context) -> Map.entry(ReadStatements.stateOf(row), row.getLong("jobs")))
        .forEach(count -> counts.merge(count.getKey(), count.getValue(), Long::sum));
    return new Flow(
        flow.id(),
        flow.kind(),
        flow.name(),
        flow.open(),
        flow.createdAt(),
        flow.finishedAt(),
        counts);
  }

  static List<FlowJob> jobs(Session session, long flow, Which which, long after, int limit) {
    return session
        .query(Objects.requireNonNull(PAGES.get(which)))
        .bind("flow", flow)
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> flowJob(row))
        .list();
  }

  private static FlowJob flowJob(ResultSet row) throws SQLException {
    Integer event = row.getObject("event", Integer.class);
    FlowEvent callback = event == null ? null : FlowStatements.event(event);
    return new FlowJob(
        row.getLong("id"),
        row.getString("name"),
        callback,
        row.getString("kind"),
        JobRows.state(row.getInt("state"), row.getBoolean("due"), row.getInt("attempt")));
  }

  // A page of names whose jobs have all been pruned is no reason to stop.
  static List<NamedJob> named(Session session, long flow, String name, long after, int limit) {
    Optional<Long> exact =
        session.query(EXACT).bind("flow", flow).bind("name", name).mapTo(Long.class).findOne();
    if (exact.isPresent()) {
      long id = exact.get();
      return id > after ? jobs(session, new LinkedHashMap<>(Map.of(id, name))) : List.of();
    }
    Map<Long, String> names = names(session, flow, name, after, limit);
    while (!names.isEmpty()) {
      List<NamedJob> jobs = jobs(session, names);
      if (!jobs.isEmpty()) {
        return jobs;
      }
      long last = new ArrayList<>(names.keySet()).get(names.size() - 1);
      names = names(session, flow, name, last, limit);
    }
    return List.of();
  }

  private static Map<Long, String> names(
      Session session, long flow, String group, long after, int limit) {
    Map<Long, String> names = new LinkedHashMap<>();
    session
        .query(NAMED)
        .bind("flow", flow)
        .bind("from", group + ".")
        .bind("to", group + "/")
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> Map.entry(row.getLong("job_id"), row.getString("name")))
        .forEach(row -> names.put(row.getKey(), row.getValue()));
    return names;
  }

  private static List<NamedJob> jobs(Session session, Map<Long, String> names) {
    List<NamedJob> named = new ArrayList<>();
    for (Job job : ReadStatements.find(session, names.keySet())) {
      named.add(new NamedJob(names.getOrDefault(job.id(), ""), job));
    }
    return named;
  }

  static List<FlowLink> links(Session session, long flow) {
    return session
        .query(LINKS)
        .bind("flow", flow)
        .map(
            (row, context) ->
                new FlowLink(
                    row.getLong("job_id"),
                    row.getLong("needs_id"),
                    LinkStatements.policy(row.getInt("on_failure"))))
        .list();
  }
}
