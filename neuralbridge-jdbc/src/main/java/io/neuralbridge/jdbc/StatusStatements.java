package io.neuralbridge.jdbc;

import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueSettings;
import io.neuralbridge.queue.QueueStatus;
import io.neuralbridge.queue.QueueStatus.OnNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How all queues stand: what was said of them, who runs them, and what runs. */
final class StatusStatements {

  private static final String QUEUES =
      """
      SELECT q.* FROM nb_queue q
      """;

  private static final String NODE_SETTINGS =
      """
      SELECT s.queue, s.node, s.paused, s.started, s.node_limit, s.node_memory
      FROM nb_queue_node s
      WHERE s.paused IS NOT NULL OR s.started IS NOT NULL OR s.node_limit IS NOT NULL
         OR s.node_memory IS NOT NULL
      """;

  private static final String NODES =
      """
      SELECT n.name, n.queues FROM nb_node n WHERE n.queues IS NOT NULL
      """;

  private static final String RUNNING =
      """
      SELECT j.queue, n.name AS node, count(*) AS running
      FROM nb_job j LEFT JOIN nb_node n ON n.id = j.node_id
      WHERE j.state = 1
      GROUP BY j.queue, n.name
      """;

  private static final String COUNT_RUNNING =
      """
      SELECT count(*) FROM nb_job j LEFT JOIN nb_node n ON n.id = j.node_id
      WHERE j.state = 1
        AND (cast(:queue AS varchar) IS NULL OR j.queue = :queue)
        AND (cast(:node AS varchar) IS NULL OR n.name = :node)
      """;

  private static final String PUBLISH =
      """
      UPDATE nb_node SET queues = :queues WHERE id = :node
      """;

  /** A queue's status while its rows come in. */
  private static final class Draft {
    QueueSettings settings = QueueSettings.NONE;
    QueueLimits limits = QueueLimits.NONE;
    int running;
    final Map<String, OnNode> nodes = new HashMap<>();

    void settings(String node, QueueSettings said) {
      OnNode on = on(node);
      nodes.put(node, new OnNode(said, on.limit(), on.running()));
    }

    void limit(String node, int limit) {
      OnNode on = on(node);
      int before = on.limit() == null ? 0 : on.limit();
      nodes.put(node, new OnNode(on.settings(), before + limit, on.running()));
    }

    void running(@Nullable String node, int count) {
      running += count;
      if (node != null) {
        OnNode on = on(node);
        nodes.put(node, new OnNode(on.settings(), on.limit(), on.running() + count));
      }
    }

    private OnNode on(String node) {
      return nodes.getOrDefault(node, new OnNode(QueueSettings.NONE, null, 0));
    }

    QueueStatus finish(String queue) {
      return new QueueStatus(queue, settings, limits, running, nodes);
    }
  }

  private StatusStatements() {}

  static List<QueueStatus> all(Session session) {
    Map<String, Draft> drafts = new TreeMap<>();
    readQueues(session, drafts);
    readNodeSettings(session, drafts);
    readNodes(session, drafts);
    readRunning(session, drafts);
    return drafts.entrySet().stream()
        .map(draft -> draft.getValue().finish(draft.getKey()))
        .toList();
  }

  private static Draft of(Map<String, Draft> drafts, String queue) {
    return drafts.computeIfAbsent(queue, name -> new Draft());
  }

  private static void readQueues(Session session, Map<String, Draft> drafts) {
    session
        .query(QUEUES)
        .map((row, context) -> QueueRow.of(row))
        .forEach(
            row -> {
              of(drafts, row.name()).settings = row.settings();
              of(drafts, row.name()).limits = row.limits();
            });
  }

  private static void readNodeSettings(Session session, Map<String, Draft> drafts) {
    session
        .query(NODE_SETTINGS)
        .map(
            (row, context) -> {
              of(drafts, row.getString("queue"))
                  .settings(row.getString("node"), QueueRow.settings(row));
              return true;
            })
        .list();
  }

  private static void readNodes(Session session, Map<String, Draft> drafts) {
    session
        .query(NODES)
        .map(
            (row, context) -> {
              String node = row.getString("name");
              SqlText.meta(row.getString("queues"))
                  .forEach(
                      (queue, limit) -> of(drafts, queue).limit(node, Integer.parseInt(limit)));
              return true;
            })
        .list();
  }

  private static void readRunning(Session session, Map<String, Draft> drafts) {
    session
        .query(RUNNING)
        .map(
            (row, context) -> {
              of(drafts, row.getString("queue"))
                  .running(row.getString("node"), row.getInt("running"));
              return true;
            })
        .list();
  }

  static int running(Session session, @Nullable String queue, @Nullable String node) {
    return session
        .query(COUNT_RUNNING)
        .bind("queue", queue)
        .bind("node", node)
        .mapTo(Integer.class)
        .one();
  }

  static int publish(Session session, long node, Map<String, Integer> nodeLimits) {
    Map<String, String> queues = new TreeMap<>();
    nodeLimits.forEach((queue, limit) -> queues.put(queue, limit.toString()));
    return session
        .update(PUBLISH)
        .bind("node", node)
        .bind("queues", SqlText.meta(queues))
        .execute();
  }
}
