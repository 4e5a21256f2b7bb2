package io.neuralbridge;

import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueSettings;

/**
 * How a node runs one queue, as the code says; what is said at run time through {@link Queues}
 * wins, and is stored. Defaults: not paused, {@link QueueLimits#NONE}, no memory budget.
 *
 * @param limit how many of its jobs run at once on this node, 1 to 10,000
 * @param cpuBound whether its jobs compute rather than wait: they then run on platform threads, at
 *     most one a core
 * @param paused whether it begins nothing until somebody {@linkplain Queues#resume resumes} it
 * @param limits what holds on all nodes together; where nodes differ, the one that started last
 *     decides
 * @param memory how many bytes its running jobs may need on this node together, by their workers'
 *     estimates; {@link QueueSettings#ANY_MEMORY} for no budget
 */
public record QueueOptions(
    int limit, boolean cpuBound, boolean paused, QueueLimits limits, long memory) {

  public QueueOptions {
    if (limit < 1 || limit > 10_000) {
      throw new IllegalArgumentException("a queue's limit must be 1 to 10,000: " + limit);
    }
    QueueSettings.requireMemory(memory);
    limit = cpuBound ? Math.min(limit, Runtime.getRuntime().availableProcessors()) : limit;
  }

  /** A queue whose jobs mostly wait: for the network, for the database. */
  public static QueueOptions waiting(int limit) {
    return new QueueOptions(limit, false, false, QueueLimits.NONE, QueueSettings.ANY_MEMORY);
  }

  /** A queue whose jobs mostly compute; the limit is lowered to the number of cores. */
  public static QueueOptions computing(int limit) {
    return new QueueOptions(limit, true, false, QueueLimits.NONE, QueueSettings.ANY_MEMORY);
  }

  public QueueOptions withLimit(int limit) {
    return new QueueOptions(limit, cpuBound, paused, limits, memory);
  }

  public QueueOptions withPaused(boolean paused) {
    return new QueueOptions(limit, cpuBound, paused, limits, memory);
  }

  public QueueOptions withLimits(QueueLimits limits) {
    return new QueueOptions(limit, cpuBound, paused, limits, memory);
  }

  /**
   * Runs no more jobs at once than fit into so much memory by the estimates of their workers,
   * {@link io.neuralbridge.worker.WorkerOptions#withMemory(long)}, whatever the limit. Jobs wait
   * for memory in their order; one that needs more than the whole budget runs alone.
   *
   * <pre>{@code
   * .queue("embeddings", QueueOptions.waiting(50).withMemory(200_000_000))
   * }</pre>
   *
   * @param bytes at least 1
   */
  public QueueOptions withMemory(long bytes) {
    return new QueueOptions(limit, cpuBound, paused, limits, bytes);
  }
}
