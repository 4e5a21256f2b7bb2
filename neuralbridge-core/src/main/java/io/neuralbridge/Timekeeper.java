package io.neuralbridge;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends runs whose time is up: interrupts them at their limit, and a grace later gives up on those
 * that took no notice. One thread for all runs of a node, while there are any with a limit.
 */
final class Timekeeper {

  private static final Logger log = LoggerFactory.getLogger(Timekeeper.class);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Duration grace;
  private final ScheduledThreadPoolExecutor timer;
  private volatile @Nullable Thread thread;

  Timekeeper(Duration grace) {
    this.grace = grace;
    this.timer = new ScheduledThreadPoolExecutor(1, this::newThread);
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
  }

  private Thread newThread(Runnable task) {
    Thread created = new Thread(task, "neuralbridge-timekeeper");
    created.setDaemon(true);
    thread = created;
    return created;
  }

  boolean isCurrentThread() {
    return Thread.currentThread() == thread;
  }

  void stop() {
    timer.shutdownNow();
  }

  /**
   * Watches a run that has begun, until the watch ends.
   *
   * @param giveUp called in the timekeeper's thread if the run outlasts its limit and the grace;
   *     never after the watch has ended
   */
  Watch watch(Run run, Consumer<Run> giveUp) {
    Watch watch = new Watch(run, giveUp);
    watch.start();
    return watch;
  }

  /** The time of one run. */
  final class Watch {

    private final Run run;
    private final Consumer<Run> giveUp;
    private @Nullable Future<?> alarm;
    private boolean ended;

    private Watch(Run run, Consumer<Run> giveUp) {
      this.run = run;
      this.giveUp = giveUp;
    }

    private synchronized void start() {
      Run.Limit limit = run.limit();
      if (limit != null) {
        Duration left = Duration.between(run.now(), limit.at());
        alarm = ring(left, () -> interrupt(limit.reason()));
      }
    }

    private synchronized void interrupt(Run.Stop reason) {
      if (!ended) {
        run.stop(reason);
        alarm = ring(grace, this::giveUp);
      }
    }

    private void giveUp() {
      synchronized (this) {
        if (ended) {
          return;
        }
        ended = true;
      }
      giveUp.accept(run);
    }

    synchronized void end() {
      ended = true;
      if (alarm != null) {
        alarm.cancel(false);
      }
    }
  }

  private Future<?> ring(Duration in, Runnable alarm) {
    Duration bounded = in.compareTo(LONGEST) < 0 ? in : LONGEST;
    return timer.schedule(() -> runSafely(alarm), bounded.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static void runSafely(Runnable alarm) {
    try {
      alarm.run();
    } catch (RuntimeException | Error e) {
      log.error("A run whose time is up could not be ended", e);
    }
  }
}
