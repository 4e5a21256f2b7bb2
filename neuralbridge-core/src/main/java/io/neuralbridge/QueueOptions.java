package io.neuralbridge;

/**
 * How a node runs one queue.
 *
 * @param limit how many of its jobs run at once on this node, 1 to 10,000
 * @param cpuBound whether its jobs compute rather than wait: they then run on platform threads, at
 *     most one a core
 */
public record QueueOptions(int limit, boolean cpuBound) {

  public QueueOptions {
    if (limit < 1 || limit > 10_000) {
      throw new IllegalArgumentException("a queue's limit must be 1 to 10,000: " + limit);
    }
    limit = cpuBound ? Math.min(limit, Runtime.getRuntime().availableProcessors()) : limit;
  }

  /** A queue whose jobs mostly wait: for the network, for the database. */
  public static QueueOptions waiting(int limit) {
    return new QueueOptions(limit, false);
  }

  /** A queue whose jobs mostly compute; the limit is lowered to the number of cores. */
  public static QueueOptions computing(int limit) {
    return new QueueOptions(limit, true);
  }
}
