package io.neuralbridge.jdbc;

import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueSettings;
import io.neuralbridge.queue.Standing;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** What is stored about queues. Whoever changes something of a queue locks its row first. */
final class ControlsStatements {

  private static final String LOCK =
      """
      SELECT q.*, <now> AS seen_at FROM nb_queue q WHERE q.name = :queue FOR UPDATE
      """;

  private static final String CHANGE =
      """
      UPDATE nb_queue
      SET paused = coalesce(cast(:paused AS boolean), paused),
          started = coalesce(cast(:started AS boolean), started),
          node_limit = coalesce(cast(:nodeLimit AS integer), node_limit),
          node_memory = coalesce(cast(:nodeMemory AS bigint), node_memory)
      WHERE name = :queue
      """;

  private static final String CHANGE_NODE =
      """
      UPDATE nb_queue_node
      SET paused = coalesce(cast(:paused AS boolean), paused),
          started = coalesce(cast(:started AS boolean), started),
          node_limit = coalesce(cast(:nodeLimit AS integer), node_limit),
          node_memory = coalesce(cast(:nodeMemory AS bigint), node_memory)
      WHERE queue = :queue AND node = :node
      """;

  private static final String ADD_NODE =
      """
      INSERT INTO nb_queue_node (queue, node, paused, started, node_limit, node_memory)
      VALUES (:queue, :node, :paused, :started, :nodeLimit, :nodeMemory)
      """;

  // What is said for the cluster replaces what was said for nodes.
  private static final String OVERRULE_NODES =
      """
      UPDATE nb_queue_node
      SET paused = CASE WHEN cast(:paused AS boolean) IS NULL THEN paused END,
          started = CASE WHEN cast(:started AS boolean) IS NULL THEN started END,
          node_limit = CASE WHEN cast(:nodeLimit AS integer) IS NULL THEN node_limit END,
          node_memory = CASE WHEN cast(:nodeMemory AS bigint) IS NULL THEN node_memory END
      WHERE queue = :queue
      """;

  private static final String FORGET_NODES =
      """
      DELETE FROM nb_queue_node WHERE queue = :queue
      """;

  private static final String FORGET =
      """
      UPDATE nb_queue SET paused = NULL, started = NULL, node_limit = NULL, node_memory = NULL
      WHERE name = :queue
      """;

  private static final String LIMIT =
      """
      UPDATE nb_queue
      SET limits_from = :from, max_running = :maxRunning, max_running_per_key = :maxRunningPerKey,
          rate_permits = :permits, rate_period = :period, rate_burst = :burst, ageing = :ageing,
          bucket_full_at = cast(:fullAt AS timestamp(6) with time zone)
      WHERE name = :queue
      """;

  private static final String JUDGE =
      """
      UPDATE nb_queue
      SET plain = max_running IS NULL AND max_running_per_key IS NULL AND rate_permits IS NULL
            AND NOT coalesce(paused, FALSE)
            AND NOT EXISTS (
              SELECT 1 FROM nb_queue_node s WHERE s.queue = :queue AND s.paused)
      WHERE name = :queue
      """;

  private record Locked(QueueRow row, Instant now) {}

  private ControlsStatements() {}

  static void change(Session session, String queue, @Nullable String node, QueueSettings settings) {
    lock(session, queue);
    if (node == null) {
      bind(session.update(CHANGE), queue, settings).execute();
      bind(session.update(OVERRULE_NODES), queue, settings).execute();
    } else if (bind(session.update(CHANGE_NODE), queue, settings).bind("node", node).execute()
        == 0) {
      bind(session.update(ADD_NODE), queue, settings).bind("node", node).execute();
    }
    judge(session, queue);
  }

  private static <S extends SqlStatement<S>> S bind(
      S statement, String queue, QueueSettings settings) {
    return statement
        .bind("queue", queue)
        .bindByType("paused", settings.paused(), Boolean.class)
        .bindByType("started", settings.started(), Boolean.class)
        .bindByType("nodeLimit", settings.nodeLimit(), Integer.class)
        .bindByType("nodeMemory", settings.nodeMemory(), Long.class);
  }

  static void limit(Session session, String queue, QueueLimits limits) {
    limit(session, lock(session, queue), limits, QueueRow.PERSON);
  }

  static void declare(Session session, String queue, QueueLimits limits) {
    Locked locked = lock(session, queue);
    if (locked.row().limitsFrom() != QueueRow.PERSON) {
      limit(session, locked, limits, QueueRow.CODE);
    }
  }

  static void reset(Session session, String queue) {
    Locked locked = lock(session, queue);
    session.update(FORGET).bind("queue", queue).execute();
    session.update(FORGET_NODES).bind("queue", queue).execute();
    limit(session, locked, QueueLimits.NONE, QueueRow.NOBODY);
  }

  private static void limit(Session session, Locked locked, QueueLimits limits, int from) {
    QueueRow row = locked.row();
    Standing standing =
        new Standing(row.limits(), locked.now(), row.bucketFullAt(), row.lastKeys(), Map.of());
    QueueRow.bind(session.update(LIMIT), limits)
        .bind("queue", row.name())
        .bind("from", from)
        .bind("fullAt", SqlText.instantOrNull(standing.bucketFullWith(limits.rate())))
        .execute();
    judge(session, row.name());
  }

  private static void judge(Session session, String queue) {
    session.update(JUDGE).bind("queue", queue).execute();
  }

  private static Locked lock(Session session, String queue) {
    Optional<Locked> locked = tryLock(session, queue);
    if (locked.isPresent()) {
      return locked.get();
    }
    Turns.make(session, queue);
    return tryLock(session, queue).orElseThrow();
  }

  private static Optional<Locked> tryLock(Session session, String queue) {
    return session
        .query(LOCK)
        .bind("queue", queue)
        .map((row, context) -> new Locked(QueueRow.of(row), JobRows.instant(row, "seen_at")))
        .findOne();
  }
}
