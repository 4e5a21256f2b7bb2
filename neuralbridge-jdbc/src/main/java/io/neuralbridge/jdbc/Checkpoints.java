package io.neuralbridge.jdbc;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;

/**
 * Brings H2's commits into the file, in groups: those that commit while a checkpoint runs share the
 * next one. Without it H2 writes half a second later, and a killed process has lost what it said
 * was stored.
 */
final class Checkpoints {

  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong commits = new AtomicLong();
  private long stored;

  /** Returns when everything is in the file that was committed before the call. */
  void await(Handle handle) {
    long mine = commits.incrementAndGet();
    lock.lock();
    try {
      if (stored < mine) {
        long all = commits.get();
        handle.execute("CHECKPOINT");
        stored = all;
      }
    } finally {
      lock.unlock();
    }
  }
}
