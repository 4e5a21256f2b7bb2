package io.neuralbridge;

import java.util.concurrent.CompletableFuture;

/**
 * What can be said of queues at run time, for the cluster or for one node. It is stored, outlives
 * restarts and wins over what the code says; the last word counts, so one for the cluster replaces
 * what was said of the same for single nodes. Nodes follow within about a second; a pause holds
 * from the next claim on, wherever it is made. What runs already goes on to its end.
 *
 * <p>Methods throw {@code IllegalArgumentException} for a queue that nobody runs and nobody ever
 * mentioned, with the name that was meant perhaps. Safe for use by many threads.
 */
public interface QueueSwitches {

  /** Begins no more jobs of a queue. */
  void pause(String queue);

  /** Begins jobs of a queue again. */
  void resume(String queue);

  /** Pauses all queues that are known now. */
  void pauseAll();

  /** Resumes all queues that are known now. */
  void resumeAll();

  /**
   * How many jobs of a queue a node runs at once. A queue that computes never runs more than the
   * node has cores.
   *
   * @param limit 1 to 10,000
   */
  void scale(String queue, int limit);

  /**
   * How much memory the running jobs of a queue may need on a node together, by the estimates of
   * their workers. What runs already goes on to its end.
   *
   * @param bytes at least 1; {@link io.neuralbridge.queue.QueueSettings#ANY_MEMORY} for no budget
   */
  void memory(String queue, long bytes);

  /**
   * Runs a queue, also where the code does not name it: there with 10 jobs at once unless it is
   * {@linkplain #scale scaled}.
   */
  void start(String queue);

  /** The same, with at most {@code limit} jobs at once on a node. */
  void start(String queue, int limit);

  /** Runs a queue no more, until it is started again. */
  void stop(String queue);

  /**
   * Pauses a queue; when nothing of it runs any more the future completes. It stays paused. The
   * future fails if the store cannot be asked, or the bridge is closed; cancelling it ends the
   * waiting and changes nothing else.
   */
  CompletableFuture<Void> drain(String queue);

  /** The same for all queues that are known now. */
  CompletableFuture<Void> drainAll();
}
