package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One run of a job in one thread: its times, and how others ask it to end. */
final class Run {

  /** Why a run should end before its work does. */
  enum Stop {
    NONE,
    CANCELLED,
    LEASE_LOST,
    SHUTDOWN,
    TIMED_OUT,
    EXPIRED;

    /** Whether it concerns this job and none of those that it may share a call with. */
    boolean isOwn() {
      return this == CANCELLED || this == EXPIRED;
    }
  }

  /** When a run's time is up, by the store's clock, and why then. */
  record Limit(Instant at, Stop reason) {}

  private final Lease lease;
  private final long claimedNanos = System.nanoTime();
  private final AtomicBoolean settled = new AtomicBoolean();
  private final AtomicBoolean free = new AtomicBoolean();
  private volatile long begunNanos;
  private volatile boolean begun;
  private volatile WorkerOptions options = WorkerOptions.defaults();
  private volatile @Nullable Limit limit;
  private volatile @Nullable Throwable unreadable;
  private volatile Runnable whenFree;
  private @Nullable Thread thread;
  private Runnable interrupt = () -> {};
  private Stop stop = Stop.NONE;

  /**
   * @param whenFree called once, when the run's slot may be given to another
   */
  Run(Lease lease, Runnable whenFree) {
    this.lease = lease;
    this.whenFree = whenFree;
  }

  /** The run takes a slot, perhaps later than it was made. */
  void occupy(Runnable whenFree) {
    this.whenFree = whenFree;
  }

  Lease lease() {
    return lease;
  }

  Job job() {
    return lease.job();
  }

  /** The options that the run began with; the defaults before. */
  WorkerOptions options() {
    return options;
  }

  /** The store's time, as far as this node can tell without asking. */
  Instant now() {
    return lease.claimedAt().plusNanos(System.nanoTime() - claimedNanos);
  }

  /** Whether the job is of no use any more. */
  boolean isPastDeadline() {
    Instant deadline = job().spec().deadline();
    return deadline != null && !now().isBefore(deadline);
  }

  /** Its worker does not read the stored arguments, of an older or a newer version perhaps. */
  void couldNotRead(Throwable why) {
    unreadable = why;
  }

  /** Why the arguments could not be read, or null. */
  @Nullable Throwable unreadable() {
    return unreadable;
  }

  /** How long the work has taken; zero before it began. */
  Duration ran() {
    return begun ? Duration.ofNanos(System.nanoTime() - begunNanos) : Duration.ZERO;
  }

  /** When the run is interrupted; null before it began, and if it may take as long as it likes. */
  @Nullable Limit limit() {
    return limit;
  }

  synchronized Stop stop() {
    return stop;
  }

  /** The thread that works; null before and after. */
  synchronized @Nullable Thread thread() {
    return thread;
  }

  /**
   * From here on the run's thread may be interrupted, and its time is measured.
   *
   * @return {@code false} if the run was asked to end before it began: then it must not
   */
  boolean begin(WorkerOptions options) {
    return begin(options, Thread.currentThread()::interrupt);
  }

  /**
   * The same for a run that shares its thread with others.
   *
   * @param interrupt called, perhaps more than once, when the run should end
   */
  synchronized boolean begin(WorkerOptions options, Runnable interrupt) {
    this.options = options;
    this.interrupt = interrupt;
    if (stop != Stop.NONE) {
      return false;
    }
    begunNanos = System.nanoTime();
    begun = true;
    limit = earlier(timeoutOf(options), deadline());
    thread = Thread.currentThread();
    return true;
  }

  private @Nullable Limit timeoutOf(WorkerOptions options) {
    Duration timeout = options.timeout();
    return timeout == null ? null : new Limit(now().plus(timeout), Stop.TIMED_OUT);
  }

  private @Nullable Limit deadline() {
    Instant deadline = job().spec().deadline();
    return deadline == null ? null : new Limit(deadline, Stop.EXPIRED);
  }

  private static @Nullable Limit earlier(@Nullable Limit a, @Nullable Limit b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.at().isBefore(b.at()) ? a : b;
  }

  /** From here on it may not: the thread goes back to its pool clean. */
  synchronized void finish() {
    thread = null;
    Thread.interrupted();
  }

  /**
   * Asks the run to end. The first reason stays, but a user's outweighs a timeout's: the job is not
   * tried again.
   */
  synchronized void stop(Stop reason) {
    boolean timeIsUp = reason == Stop.TIMED_OUT || reason == Stop.EXPIRED;
    boolean interrupts = stop == Stop.NONE || timeIsUp;
    if (stop == Stop.NONE || (stop == Stop.TIMED_OUT && reason == Stop.CANCELLED)) {
      stop = reason;
    }
    if (interrupts && thread != null) {
      interrupt.run();
    }
  }

  /** Whether somebody has taken the right to settle the lease: nothing that comes later counts. */
  boolean isSettled() {
    return settled.get();
  }

  /** Takes the right to settle the lease; {@code true} for the first caller only. */
  boolean takeSettlement() {
    return settled.compareAndSet(false, true);
  }

  /** Gives the slot back; once, whoever comes first. */
  void free() {
    if (free.compareAndSet(false, true)) {
      whenFree.run();
    }
  }
}
