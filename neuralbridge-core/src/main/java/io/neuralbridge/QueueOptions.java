package io.neuralbridge;

import io.neuralbridge.queue.QueueLimits;

/**
 * How a node runs one queue, as the code says; what is said at run time through {@link Queues}
 * wins, and is stored. Defaults: not paused, {@link QueueLimits#NONE}.
 *
 * @param limit how many of its jobs run at once on this node, 1 to 10,000
 * @param cpuBound whether its jobs compute rather than wait: they then run on platform threads, at
 *     most one a core
 * @param paused whether it begins nothing until somebody {@linkplain Queues#resume resumes} it
 * @param limits what holds on all nodes together; where nodes differ, the one that started last
 *     decides
 */
public record QueueOptions(int limit, boolean cpuBound, boolean paused, QueueLimits limits) {

  public QueueOptions {
    if (limit < 1 || limit > 10_000) {
      throw new IllegalArgumentException("a queue's limit must be 1 to 10,000: " + limit);
    }
    limit = cpuBound ? Math.min(limit, Runtime.getRuntime().availableProcessors()) : limit;
  }

  /** A queue whose jobs mostly wait: for the network, for the database. */
  public static QueueOptions waiting(int limit) {
    return new QueueOptions(limit, false, false, QueueLimits.NONE);
  }

  /** A queue whose jobs mostly compute; the limit is lowered to the number of cores. */
  public static QueueOptions computing(int limit) {
    return new QueueOptions(limit, true, false, QueueLimits.NONE);
  }

  public QueueOptions withLimit(int limit) {
    return new QueueOptions(limit, cpuBound, paused, limits);
  }

  public QueueOptions withPaused(boolean paused) {
    return new QueueOptions(limit, cpuBound, paused, limits);
  }

  public QueueOptions withLimits(QueueLimits limits) {
    return new QueueOptions(limit, cpuBound, paused, limits);
  }
}
