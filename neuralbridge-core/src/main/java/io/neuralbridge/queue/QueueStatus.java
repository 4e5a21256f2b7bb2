package io.neuralbridge.queue;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A queue as it stands now.
 *
 * @param settings what was said of it for the cluster
 * @param limits what holds for it on all nodes together
 * @param running how many of its jobs run, those of dead nodes among them until they are rescued
 * @param nodes the nodes that run it and those for which something was said, by name
 */
public record QueueStatus(
    String queue,
    QueueSettings settings,
    QueueLimits limits,
    int running,
    Map<String, OnNode> nodes) {

  public QueueStatus {
    nodes = Collections.unmodifiableMap(new TreeMap<>(nodes));
  }

  /** Whether it is paused for the cluster; single nodes may differ. */
  public boolean isPaused() {
    return Boolean.TRUE.equals(settings.paused());
  }

  /**
   * A queue on one node; nodes of one name are counted as one.
   *
   * @param settings what was said of it for this node
   * @param limit how many of its jobs the node runs at once; null if it does not run the queue
   * @param running how many of its jobs the node runs now
   */
  public record OnNode(QueueSettings settings, @Nullable Integer limit, int running) {}
}
