package io.neuralbridge;

import static io.neuralbridge.queue.QueueSettings.ANY_MEMORY;

/**
 * Bytes that the running jobs of a queue may need on this node, by their workers' estimates. What
 * does not fit even alone runs alone. Safe for use by many threads.
 */
final class MemoryBudget {

  private static final int REMEMBERED = 8;

  private long bytes = ANY_MEMORY;
  private long taken;
  private long usual = -1;

  synchronized void resize(long bytes) {
    this.bytes = bytes;
  }

  synchronized long bytes() {
    return bytes;
  }

  /** Takes {@code wanted} bytes; {@code false} if they do not fit beside what is taken. */
  synchronized boolean take(long wanted) {
    if (!fits(wanted)) {
      return false;
    }
    taken += wanted;
    return true;
  }

  synchronized boolean fits(long wanted) {
    return wanted == 0 || taken == 0 || wanted <= bytes - taken;
  }

  /** Takes them whether they fit or not. */
  synchronized void takeAnyway(long wanted) {
    taken += wanted;
  }

  synchronized void giveBack(long wanted) {
    taken -= wanted;
  }

  /** Learns what a job needs. */
  synchronized void note(long ofOneJob) {
    usual = usual < 0 ? ofOneJob : (usual * (REMEMBERED - 1) + ofOneJob) / REMEMBERED;
  }

  /**
   * How many jobs of the usual size fit beside those that run and {@code waiting} bytes; one if
   * nothing is known of sizes yet.
   */
  synchronized int room(long waiting) {
    if (bytes == ANY_MEMORY || usual == 0) {
      return Integer.MAX_VALUE;
    }
    long used = taken + waiting;
    long room = usual < 0 ? 1 : (bytes - used) / usual;
    return (int) Math.max(used == 0 ? 1 : 0, Math.min(Integer.MAX_VALUE, room));
  }
}
