package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Lease;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One run of a job in one thread, and how others ask it to end. */
final class Run {

  /** Why a run should end before its work does. */
  enum Stop {
    NONE,
    CANCELLED,
    LEASE_LOST,
    SHUTDOWN
  }

  private final Lease lease;
  private final AtomicBoolean settled = new AtomicBoolean();
  private @Nullable Thread thread;
  private Stop stop = Stop.NONE;

  Run(Lease lease) {
    this.lease = lease;
  }

  Lease lease() {
    return lease;
  }

  Job job() {
    return lease.job();
  }

  synchronized Stop stop() {
    return stop;
  }

  /**
   * From here on the run's thread may be interrupted.
   *
   * @return {@code false} if the run was asked to end before it began: then it must not
   */
  synchronized boolean begin() {
    if (stop != Stop.NONE) {
      return false;
    }
    thread = Thread.currentThread();
    return true;
  }

  /** From here on it may not: the thread goes back to its pool clean. */
  synchronized void finish() {
    thread = null;
    Thread.interrupted();
  }

  /** Asks the run to end; the first reason stays. */
  synchronized void stop(Stop reason) {
    if (stop == Stop.NONE) {
      stop = reason;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  /** Takes the right to settle the lease; {@code true} for the first caller only. */
  boolean takeSettlement() {
    return settled.compareAndSet(false, true);
  }
}
