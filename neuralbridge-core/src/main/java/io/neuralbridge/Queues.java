package io.neuralbridge;

import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueStatus;
import java.util.List;

/**
 * Looks at queues and changes them while they run, from any process on the store, whether it is
 * started or not. Its own switches are for the cluster. Safe for use by many threads.
 */
public interface Queues extends QueueSwitches {

  /**
   * The same for one node, by the {@linkplain Builder#nodeName name} that it was given. Nodes of
   * one name share what is said.
   *
   * @throws IllegalArgumentException if no node of that name runs and nothing was said of one
   */
  QueueSwitches onNode(String node);

  /** The same for the node of this bridge. */
  QueueSwitches onThisNode();

  /**
   * Sets what holds for a queue on all nodes together, from the next claim on; replaces what the
   * code says, also when nodes start later.
   */
  void limit(String queue, QueueLimits limits);

  /** Forgets all that was said of a queue: what the code says holds again within a second. */
  void reset(String queue);

  /** All queues that are known, by name, and the nodes that run them. */
  List<QueueStatus> status();
}
