package io.neuralbridge.jdbc;

import io.neuralbridge.job.FlowEvent;
import java.util.Collection;
import java.util.List;

/** What the stager asks of flows and their callbacks. */
final class StageStatements {

  private static final String LOCK_FLOWS =
      """
      SELECT id FROM nb_flow WHERE id = ANY(cast(:ids AS bigint array))
      ORDER BY id
      FOR UPDATE SKIP LOCKED
      """;

  private static final String EXISTING =
      """
      SELECT id FROM nb_flow WHERE id = ANY(cast(:ids AS bigint array))
      """;

  // No EXISTS, which PostgreSQL may answer by reading a whole table once.
  private static final String LOOK =
      """
      SELECT f.id,
        NOT f.open
        AND (SELECT j.id FROM nb_job j
             WHERE j.flow_id = f.id
               AND (SELECT c.job_id FROM nb_flow_callback c WHERE c.job_id = j.id) IS NULL
             LIMIT 1) IS NULL AS finished,
        (SELECT h.id FROM nb_job_history h
         WHERE h.flow_id = f.id AND h.state > 2
           AND (SELECT c.job_id FROM nb_flow_callback c WHERE c.job_id = h.id) IS NULL
         LIMIT 1) IS NOT NULL AS failed
      FROM nb_flow f WHERE f.id = ANY(cast(:ids AS bigint array))
      """;

  private static final String FINISH =
      """
      UPDATE nb_flow SET finished_at = <now>
      WHERE id = ANY(cast(:ids AS bigint array)) AND finished_at IS NULL
      """;

  private static final String WAITING =
      """
      SELECT c.job_id, c.flow_id, c.event
      FROM nb_flow_callback c JOIN nb_job j ON j.id = c.job_id
      WHERE c.flow_id = ANY(cast(:ids AS bigint array)) AND j.state = 5
      ORDER BY c.job_id
      """;

  private static final String FREE =
      """
      UPDATE nb_job SET state = 0 WHERE id = ANY(cast(:ids AS bigint array)) AND state = 5
      """;

  /** How far a flow is. */
  record Standing(long flow, boolean finished, boolean failed) {}

  /** A callback that waits. */
  record Callback(long job, long flow, FlowEvent event) {}

  private StageStatements() {}

  /** Locks flows; one that another transaction holds is left out. */
  static List<Long> lockFlows(Session session, Collection<Long> flows) {
    return ids(session, LOCK_FLOWS, flows);
  }

  static List<Long> existing(Session session, Collection<Long> flows) {
    return ids(session, EXISTING, flows);
  }

  static List<Standing> look(Session session, Collection<Long> flows) {
    return session
        .query(LOOK)
        .bindArray("ids", Long.class, flows)
        .map(
            (row, context) ->
                new Standing(
                    row.getLong("id"), row.getBoolean("finished"), row.getBoolean("failed")))
        .list();
  }

  static void finish(Session session, Collection<Long> flows) {
    if (!flows.isEmpty()) {
      session.update(FINISH).bindArray("ids", Long.class, flows).execute();
    }
  }

  static List<Callback> waiting(Session session, Collection<Long> flows) {
    return session
        .query(WAITING)
        .bindArray("ids", Long.class, flows)
        .map(
            (row, context) ->
                new Callback(
                    row.getLong("job_id"),
                    row.getLong("flow_id"),
                    FlowStatements.event(row.getInt("event"))))
        .list();
  }

  static int free(Session session, Collection<Long> locked) {
    return locked.isEmpty()
        ? 0
        : session.update(FREE).bindArray("ids", Long.class, locked).execute();
  }

  private static List<Long> ids(Session session, String sql, Collection<Long> ids) {
    return session.query(sql).bindArray("ids", Long.class, ids).mapTo(Long.class).list();
  }
}
