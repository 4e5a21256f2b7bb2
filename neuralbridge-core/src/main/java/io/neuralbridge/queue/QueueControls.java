package io.neuralbridge.queue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is stored about queues, changeable while they run: the part of the {@link Queue} SPI that
 * people control queues with. All nodes learn of a change by {@link Queue#notices}; pauses and
 * limits hold from the next claim on, whatever a node knows.
 */
public interface QueueControls {

  /**
   * Says something about queues; queues that nobody mentioned before are known from now on. The
   * last word counts: one for the cluster replaces what was said of the same for single nodes.
   *
   * @param node a node's name, or null for the cluster
   * @param settings what is null in it stays as it is
   */
  void change(Set<String> queues, @Nullable String node, QueueSettings settings);

  /** Sets a queue's limits; they win over what {@link #declare} says, then and later. */
  void limit(String queue, QueueLimits limits);

  /** Forgets all that was said of a queue, its limits too: what the code says holds again. */
  void reset(String queue);

  /** Says what limits the code has for the queues of a node, which hold where nobody set others. */
  void declare(Map<String, QueueLimits> limits);

  /** Says which queues a node runs, and how many jobs of each at once. */
  void publish(long node, Map<String, Integer> nodeLimits);

  /** Every queue that is stored or that a node runs, by name. */
  List<QueueStatus> status();

  /**
   * How many jobs run now.
   *
   * @param queue null for all queues
   * @param node a node's name, or null for all, the dead ones among them
   */
  int running(@Nullable String queue, @Nullable String node);
}
