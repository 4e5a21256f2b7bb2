package io.neuralbridge;

/**
 * Bytes that the running jobs of a queue may need on this node, by their workers' estimates. What
 * does not fit even alone runs alone. Safe for use by many threads.
 */
final class MemoryBudget {

  static final long UNLIMITED = Long.MAX_VALUE;

  private long bytes;
  private long taken;

  MemoryBudget(long bytes) {
    this.bytes = bytes;
  }

  synchronized void resize(long bytes) {
    this.bytes = bytes;
  }

  /**
   * Takes {@code wanted} bytes; {@code false} if too much is taken already; what needs none always
   * gets it.
   */
  synchronized boolean take(long wanted) {
    if (wanted > 0 && taken > 0 && wanted > bytes - taken) {
      return false;
    }
    taken += wanted;
    return true;
  }

  synchronized void giveBack(long wanted) {
    taken -= wanted;
  }
}
