package io.neuralbridge.queue;

import org.jspecify.annotations.Nullable;

/**
 * What was said at run time about a queue, for the cluster or for one node. Null means: nothing.
 * What is said for a node wins over what is said for the cluster, and that over the code.
 *
 * @param paused whether no job of it is begun, while nodes stay ready for it
 * @param started whether nodes run it at all
 * @param nodeLimit how many of its jobs a node runs at once, 1 to 10,000
 */
public record QueueSettings(
    @Nullable Boolean paused, @Nullable Boolean started, @Nullable Integer nodeLimit) {

  /** Nothing was said. */
  public static final QueueSettings NONE = new QueueSettings(null, null, null);

  private static final int MOST = 10_000;

  public QueueSettings {
    if (nodeLimit != null && (nodeLimit < 1 || nodeLimit > MOST)) {
      throw new IllegalArgumentException("a queue's limit must be 1 to 10,000: " + nodeLimit);
    }
  }

  public static QueueSettings paused(boolean paused) {
    return new QueueSettings(paused, null, null);
  }

  public static QueueSettings started(boolean started) {
    return new QueueSettings(null, started, null);
  }

  public static QueueSettings nodeLimit(int limit) {
    return new QueueSettings(null, null, limit);
  }

  /** These, and {@code other}'s where these say nothing. */
  public QueueSettings orElse(QueueSettings other) {
    return new QueueSettings(
        paused == null ? other.paused : paused,
        started == null ? other.started : started,
        nodeLimit == null ? other.nodeLimit : nodeLimit);
  }

  /** These, without what {@code other} says something about. */
  public QueueSettings without(QueueSettings other) {
    return new QueueSettings(
        other.paused == null ? paused : null,
        other.started == null ? started : null,
        other.nodeLimit == null ? nodeLimit : null);
  }
}
