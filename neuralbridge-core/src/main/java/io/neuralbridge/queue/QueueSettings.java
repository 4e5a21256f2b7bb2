package io.neuralbridge.queue;

import org.jspecify.annotations.Nullable;

/**
 * What was said at run time about a queue, for the cluster or for one node. Null means: nothing.
 * What is said for a node wins over what is said for the cluster, and that over the code.
 *
 * @param paused whether no job of it is begun, while nodes stay ready for it
 * @param started whether nodes run it at all
 * @param nodeLimit how many of its jobs a node runs at once, 1 to 10,000
 * @param nodeMemory how many bytes its running jobs may need on a node, by their workers'
 *     estimates, at least 1; {@link #ANY_MEMORY} for no budget
 */
public record QueueSettings(
    @Nullable Boolean paused,
    @Nullable Boolean started,
    @Nullable Integer nodeLimit,
    @Nullable Long nodeMemory) {

  /** As much memory as they like. */
  public static final long ANY_MEMORY = Long.MAX_VALUE;

  /** Nothing was said. */
  public static final QueueSettings NONE = new QueueSettings(null, null, null, null);

  private static final int MOST = 10_000;

  public QueueSettings {
    if (nodeLimit != null && (nodeLimit < 1 || nodeLimit > MOST)) {
      throw new IllegalArgumentException("a queue's limit must be 1 to 10,000: " + nodeLimit);
    }
    if (nodeMemory != null) {
      requireMemory(nodeMemory);
    }
  }

  public static QueueSettings paused(boolean paused) {
    return new QueueSettings(paused, null, null, null);
  }

  public static QueueSettings started(boolean started) {
    return new QueueSettings(null, started, null, null);
  }

  public static QueueSettings nodeLimit(int limit) {
    return new QueueSettings(null, null, limit, null);
  }

  public static QueueSettings nodeMemory(long bytes) {
    return new QueueSettings(null, null, null, bytes);
  }

  /**
   * Returns a memory budget that can be one.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public static long requireMemory(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "a queue's memory must be at least 1 byte: %d; for no budget, QueueSettings.ANY_MEMORY"
              .formatted(bytes));
    }
    return bytes;
  }

  /** These, and {@code other}'s where these say nothing. */
  public QueueSettings orElse(QueueSettings other) {
    return new QueueSettings(
        paused == null ? other.paused : paused,
        started == null ? other.started : started,
        nodeLimit == null ? other.nodeLimit : nodeLimit,
        nodeMemory == null ? other.nodeMemory : nodeMemory);
  }

  /** These, without what {@code other} says something about. */
  public QueueSettings without(QueueSettings other) {
    return new QueueSettings(
        other.paused == null ? paused : null,
        other.started == null ? started : null,
        other.nodeLimit == null ? nodeLimit : null,
        other.nodeMemory == null ? nodeMemory : null);
  }
}
