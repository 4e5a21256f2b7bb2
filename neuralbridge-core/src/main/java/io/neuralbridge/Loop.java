package io.neuralbridge;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A background duty: a step, run again and again in a thread of its own. A step that fails is
 * logged and tried again, waiting 50 ms at first and 5 s at most by default, so that trouble pauses
 * the engine and never ends it. A wake-up does not shorten that wait: a store in trouble is not
 * asked once for every job that ends meanwhile.
 *
 * <p>Start once; stopping twice is safe.
 */
final class Loop {

  /** One round of a duty. */
  @FunctionalInterface
  interface Step {
    /** Does what there is to do; returns how long to wait for more, unless woken before. */
    Duration run() throws Exception;
  }

  private static final Logger log = LoggerFactory.getLogger(Loop.class);
  private static final long FIRST_PAUSE_MS = 50;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final String name;
  private final Step step;
  private final long longestPauseMs;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean wake;
  private boolean stopped;
  private int failures;

  Loop(String name, Step step) {
    this(name, step, LONGEST_PAUSE);
  }

  /**
   * @param longestPause the most that a step that fails waits for its next try
   */
  Loop(String name, Step step, Duration longestPause) {
    this.name = name;
    this.step = step;
    this.longestPauseMs = Math.max(FIRST_PAUSE_MS, longestPause.toMillis());
    this.thread = new Thread(this::runUntilStopped, "neuralbridge-" + name);
    this.thread.setDaemon(false);
  }

  /** A duty that does not keep the JVM alive. */
  static Loop daemon(String name, Step step) {
    Loop loop = new Loop(name, step);
    loop.thread.setDaemon(true);
    return loop;
  }

  void start() {
    thread.start();
  }

  /** Ends the current wait, or the next one. */
  void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the current step finish and starts no other. */
  void stop() {
    lock.lock();
    try {
      stopped = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the thread has ended; returns at once if it never began. */
  void join(Duration atMost) throws InterruptedException {
    thread.join(Math.max(1, atMost.toMillis()));
  }

  /** Whether it runs, or ends its last step. */
  boolean isAlive() {
    return thread.isAlive();
  }

  /** Whether the caller is this duty. */
  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
  }

  private void runUntilStopped() {
    while (!isStopped()) {
      await(runOnce());
    }
  }

  private Duration runOnce() {
    try {
      Duration pause = step.run();
      if (failures > 0) {
        log.info("{} works again after {} failed rounds", name, failures);
      }
      failures = 0;
      return pause;
    } catch (Throwable e) {
      return pauseAfter(e);
    }
  }

  private Duration pauseAfter(Throwable e) {
    failures++;
    long ceiling = Math.min(longestPauseMs, FIRST_PAUSE_MS << Math.min(failures, 10));
    long pause = ThreadLocalRandom.current().nextLong(FIRST_PAUSE_MS, ceiling + 1);
    report(e);
    return Duration.ofMillis(pause);
  }

  private void report(Throwable e) {
    try {
      if (failures == 1) {
        log.warn("{} failed and goes on trying: {}", name, e.toString(), e);
      } else {
        log.warn("{} failed {} times in a row: {}", name, failures, e.toString());
      }
    } catch (Throwable alsoFailed) {
      // Out of memory, or an exception that cannot be printed: no reason to end a duty.
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration pause) {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (left > 0 && !stopped && (failures > 0 || !wake)) {
        left = woken.awaitNanos(left);
      }
      wake = false;
    } catch (InterruptedException e) {
      // Nobody owns this thread but the loop: an interrupt can only be a job's, gone astray.
    } finally {
      lock.unlock();
    }
  }
}
