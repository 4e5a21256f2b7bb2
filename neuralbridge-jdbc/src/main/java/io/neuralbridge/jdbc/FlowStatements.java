package io.neuralbridge.jdbc;

import io.neuralbridge.job.FlowEvent;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.FlowKind;
import io.neuralbridge.job.FlowRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What changes flows. */
final class FlowStatements {

  private static final String START =
      """
      INSERT INTO nb_flow (kind, name, open, created_at) VALUES (:kind, :name, :open, <now>)
      """;

  private static final String LOCK_SHARED =
      """
      SELECT id, kind, finished_at IS NOT NULL AS finished
      FROM nb_flow WHERE id = ANY(cast(:ids AS bigint array)) ORDER BY id <for_share>
      """;

  private static final String GO_ON =
      """
      UPDATE nb_flow SET finished_at = NULL
      WHERE id = ANY(cast(:ids AS bigint array)) AND finished_at IS NOT NULL
      """;

  private static final String TAKEN =
      """
      SELECT name FROM nb_flow_job
      WHERE flow_id = :flow AND name = ANY(cast(:names AS varchar array))
      """;

  private static final String NAME =
      """
      INSERT INTO nb_flow_job (flow_id, job_id, name)
      SELECT p.flow_id, p.job_id, p.name
      FROM unnest(
             cast(:flows AS bigint array), cast(:jobs AS bigint array),
             cast(:names AS varchar array))
           AS p(flow_id, job_id, name)
      """;

  private static final String CALLBACK =
      """
      INSERT INTO nb_flow_callback (job_id, flow_id, event)
      SELECT p.job_id, p.flow_id, p.event
      FROM unnest(
             cast(:jobs AS bigint array), cast(:flows AS bigint array),
             cast(:events AS smallint array))
           AS p(job_id, flow_id, event)
      """;

  private static final String SEAL =
      """
      UPDATE nb_flow SET open = false WHERE id = :flow AND open
      """;

  private static final String FLOWS_OF =
      """
      SELECT flow_id FROM nb_job
      WHERE id = ANY(cast(:ids AS bigint array)) AND flow_id IS NOT NULL
      UNION
      SELECT flow_id FROM nb_job_history
      WHERE id = ANY(cast(:ids AS bigint array)) AND flow_id IS NOT NULL
      """;

  private static final String OVER =
      """
      SELECT f.id FROM nb_flow f
      WHERE f.finished_at < <later>
        AND (SELECT j.id FROM nb_job j WHERE j.flow_id = f.id LIMIT 1) IS NULL
        AND (SELECT h.id FROM nb_job_history h WHERE h.flow_id = f.id LIMIT 1) IS NULL
      ORDER BY f.finished_at
      LIMIT :limit
      FOR UPDATE SKIP LOCKED
      """;

  private static final List<String> DELETE =
      List.of(
          "DELETE FROM nb_flow_job WHERE flow_id = ANY(cast(:ids AS bigint array))",
          "DELETE FROM nb_flow_callback WHERE flow_id = ANY(cast(:ids AS bigint array))",
          "DELETE FROM nb_flow WHERE id = ANY(cast(:ids AS bigint array))");

  /** A job's name in its flow, or a callback's event. */
  record Member<V>(long flow, long job, V value) {}

  private record Taker(long id, int kind, boolean finished) {}

  private FlowStatements() {}

  static int stored(FlowKind kind) {
    return kind == FlowKind.WORKFLOW ? 0 : 1;
  }

  static FlowKind kind(int stored) {
    return stored == 0 ? FlowKind.WORKFLOW : FlowKind.BATCH;
  }

  static int stored(FlowEvent event) {
    return switch (event) {
      case COMPLETED -> 0;
      case FAILED -> 1;
      case FINISHED -> 2;
    };
  }

  static FlowEvent event(int stored) {
    return switch (stored) {
      case 0 -> FlowEvent.COMPLETED;
      case 1 -> FlowEvent.FAILED;
      default -> FlowEvent.FINISHED;
    };
  }

  static long start(Session session, FlowRef.Fresh flow) {
    long id =
        session
            .update(START)
            .bind("kind", stored(flow.kind()))
            .bind("name", SqlText.clean(flow.name()))
            .bind("open", flow.open())
            .executeAndReturnGeneratedKeys("id")
            .mapTo(Long.class)
            .one();
    NewsStatements.tellFlows(session, Set.of(id));
    return id;
  }

  /** Makes sure that stored flows take more jobs until the transaction ends. */
  static void requireTaking(Session session, Collection<Long> flows) {
    if (flows.isEmpty()) {
      return;
    }
    Set<Long> missing = new TreeSet<>(flows);
    Set<Long> finished = new HashSet<>();
    for (Taker flow : lockShared(session, missing)) {
      missing.remove(flow.id);
      if (flow.finished && kind(flow.kind) == FlowKind.BATCH) {
        throw FlowException.finished(flow.id);
      }
      if (flow.finished) {
        finished.add(flow.id);
      }
    }
    if (!missing.isEmpty()) {
      throw FlowException.notFound(missing.iterator().next());
    }
    goOn(session, finished);
  }

  private static List<Taker> lockShared(Session session, Set<Long> flows) {
    return session
        .query(LOCK_SHARED)
        .bindArray("ids", Long.class, flows)
        .map(
            (row, context) ->
                new Taker(row.getLong("id"), row.getInt("kind"), row.getBoolean("finished")))
        .list();
  }

  private static void goOn(Session session, Collection<Long> flows) {
    if (!flows.isEmpty()) {
      session.update(GO_ON).bindArray("ids", Long.class, flows).execute();
    }
  }

  /** Final jobs are live again, and their flows go on. */
  static void reopen(Session session, Collection<Long> reopened) {
    goOn(session, new TreeSet<>(tell(session, reopened)));
  }

  /** Lets the stager look at the flows of jobs, which it returns. */
  static List<Long> tell(Session session, Collection<Long> jobs) {
    List<Long> flows =
        session.query(FLOWS_OF).bindArray("ids", Long.class, jobs).mapTo(Long.class).list();
    NewsStatements.tellFlows(session, flows);
    return flows;
  }

  static void requireFree(Session session, long flow, Set<String> names) {
    List<String> taken =
        session
            .query(TAKEN)
            .bind("flow", flow)
            .bindArray("names", String.class, names)
            .mapTo(String.class)
            .list();
    if (!taken.isEmpty()) {
      throw FlowException.namesTaken(flow, taken);
    }
  }

  static void name(Session session, List<Member<String>> members) {
    if (!members.isEmpty()) {
      session
          .update(NAME)
          .bindArray("flows", Long.class, members.stream().map(Member::flow).toList())
          .bindArray("jobs", Long.class, members.stream().map(Member::job).toList())
          .bindArray("names", String.class, members.stream().map(Member::value).toList())
          .execute();
    }
  }

  static void addCallbacks(Session session, List<Member<FlowEvent>> callbacks) {
    if (!callbacks.isEmpty()) {
      session
          .update(CALLBACK)
          .bindArray("flows", Long.class, callbacks.stream().map(Member::flow).toList())
          .bindArray("jobs", Long.class, callbacks.stream().map(Member::job).toList())
          .bindArray(
              "events", Integer.class, callbacks.stream().map(c -> stored(c.value())).toList())
          .execute();
    }
  }

  static boolean seal(Session session, long flow) {
    boolean sealed = session.update(SEAL).bind("flow", flow).execute() > 0;
    if (sealed) {
      NewsStatements.tellFlows(session, Set.of(flow));
    }
    return sealed;
  }

  /** Deletes flows that ended long ago and whose jobs are gone. */
  static int prune(Session session, Duration age, int limit) {
    List<Long> over =
        session
            .query(OVER)
            .bind("delay", -SqlText.micros(age))
            .bind("limit", limit)
            .mapTo(Long.class)
            .list();
    if (!over.isEmpty()) {
      DELETE.forEach(sql -> session.update(sql).bindArray("ids", Long.class, over).execute());
    }
    return over.size();
  }

  static List<Long> stored(Collection<FlowRef> flows) {
    List<Long> ids = new ArrayList<>();
    for (FlowRef flow : flows) {
      if (flow instanceof FlowRef.Stored stored) {
        ids.add(stored.id());
      }
    }
    return ids;
  }

  static void requireFree(Session session, Map<FlowRef, Set<String>> names) {
    names.forEach(
        (flow, wanted) -> {
          if (flow instanceof FlowRef.Stored stored) {
            requireFree(session, stored.id(), wanted);
          }
        });
  }
}
