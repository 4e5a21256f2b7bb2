package io.neuralbridge.vector;

import java.util.Map;

/**
 * One version of a record. Nothing of it changes but the change that ended it, so every snapshot
 * and every graph may share it.
 */
final class Row {
  private static final long NEVER = Long.MAX_VALUE;

  final long number;
  final String id;
  final float[] unit;
  final Map<String, String> metadata;
  private volatile long endedBy = NEVER;

  /**
   * @param number grows with each row of a collection, over restarts too
   * @param unit a vector of length 1
   */
  Row(long number, String id, float[] unit, Map<String, String> metadata) {
    this.number = number;
    this.id = id;
    this.unit = unit;
    this.metadata = metadata;
  }

  void end(long change) {
    endedBy = change;
  }

  boolean isLive(long change) {
    return endedBy > change;
  }

  boolean hasEnded() {
    return endedBy != NEVER;
  }

  float score(float[] unitQuery) {
    return Math.max(-1, Math.min(1, Vectors.dot(unit, 0, unitQuery)));
  }
}
