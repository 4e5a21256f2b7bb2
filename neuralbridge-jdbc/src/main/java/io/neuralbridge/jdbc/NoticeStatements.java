package io.neuralbridge.jdbc;

import io.neuralbridge.queue.Notices;
import io.neuralbridge.queue.QueueNotice;
import io.neuralbridge.queue.QueueSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a node hears in its round. */
final class NoticeStatements {

  // One row at least as long as the node is there.
  private static final String QUEUES =
      """
      SELECT q.*, s.paused AS paused_here, s.started AS started_here,
             s.node_limit AS node_limit_here, s.node_memory AS node_memory_here
      FROM nb_node n
      LEFT JOIN nb_queue q ON 1 = 1
      LEFT JOIN nb_queue_node s ON s.queue = q.name AND s.node = n.name
      WHERE n.id = :node
      """;

  private record Named(String queue, QueueNotice notice) {}

  private NoticeStatements() {}

  static Notices read(Session session, long node) {
    List<Optional<Named>> rows =
        session.query(QUEUES).bind("node", node).map((row, context) -> notice(row)).list();
    if (rows.isEmpty()) {
      return Notices.DEAD;
    }
    Map<String, QueueNotice> queues = new TreeMap<>();
    rows.forEach(row -> row.ifPresent(named -> queues.put(named.queue(), named.notice())));
    return new Notices(true, NodeStatements.cancelled(session, node), queues);
  }

  private static Optional<Named> notice(ResultSet row) throws SQLException {
    if (row.getString("name") == null) {
      return Optional.empty();
    }
    QueueRow queue = QueueRow.of(row);
    QueueSettings here =
        new QueueSettings(
            row.getObject("paused_here", Boolean.class),
            row.getObject("started_here", Boolean.class),
            row.getObject("node_limit_here", Integer.class),
            row.getObject("node_memory_here", Long.class));
    boolean declared = queue.limitsFrom() != QueueRow.NOBODY;
    return Optional.of(
        new Named(
            queue.name(),
            new QueueNotice(here.orElse(queue.settings()), queue.limits(), declared)));
  }
}
