package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The time of this machine. */
final class SystemTime implements PipelineTime {

  private final ScheduledThreadPoolExecutor timer;

  SystemTime() {
    timer = new ScheduledThreadPoolExecutor(1, SystemTime::daemon, discard());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "neuralbridge-embedding-timer");
    thread.setDaemon(true);
    return thread;
  }

  private static ThreadPoolExecutor.DiscardPolicy discard() {
    return new ThreadPoolExecutor.DiscardPolicy();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored")
  public void after(Duration delay, Runnable task) {
    timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
