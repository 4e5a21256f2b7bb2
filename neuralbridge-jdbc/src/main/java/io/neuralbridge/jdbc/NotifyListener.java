package io.neuralbridge.jdbc;

import io.neuralbridge.queue.WakeUps;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a connection of its own, in a thread of its own, until it is closed. After a loss it
 * listens anew and says that hints may be lost; while it cannot listen, nodes find jobs by polling.
 */
final class NotifyListener implements WakeUps.Subscription {

  private static final Logger log = LoggerFactory.getLogger(NotifyListener.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final long PATIENCE_MS = 2_000;

  private final SpareConnection connections;
  private final PostgresWakeUps wakeUps;
  private final PostgresWakeUps.Timing timing;
  private final WakeUps.Listener listener;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "neuralbridge-listener");
  private Duration pause = FIRST_PAUSE;
  private boolean complained;

  private NotifyListener(
      SpareConnection connections,
      PostgresWakeUps wakeUps,
      PostgresWakeUps.Timing timing,
      WakeUps.Listener listener) {
    this.connections = connections;
    this.wakeUps = wakeUps;
    this.timing = timing;
    this.listener = listener;
  }

  static NotifyListener start(
      SpareConnection connections,
      PostgresWakeUps wakeUps,
      PostgresWakeUps.Timing timing,
      WakeUps.Listener listener) {
    NotifyListener started = new NotifyListener(connections, wakeUps, timing, listener);
    started.thread.setDaemon(true);
    started.thread.start();
    return started;
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(PATIENCE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      boolean over = false;
      while (!over) {
        over = stopped.await(listenOnce().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      log.debug("Interrupted: new jobs are found by polling from now on");
    }
  }

  /** Listens as long as it can; returns how long to wait before it tries again. */
  private Duration listenOnce() throws InterruptedException {
    try {
      Connection connection = connections.take();
      if (connection == null) {
        complain("the pool has no connection to spare for it", null);
        return timing.later();
      }
      listen(connection);
      return Duration.ZERO;
    } catch (SQLException | RuntimeException e) {
      complain(e.toString(), e);
      Duration now = pause;
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0
              ? pause.multipliedBy(2)
              : LONGEST_PAUSE;
      return now;
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (NotifySession session = new NotifySession(connection, wakeUps.channel(), timing)) {
      session.begin();
      if (complained) {
        log.info("Listening for new jobs of other processes works again");
      }
      complained = false;
      pause = FIRST_PAUSE;
      listener.hintsMayBeLost();
      session.listen(listener, stopped);
    }
  }

  private void complain(String reason, @Nullable Exception e) {
    if (!complained && stopped.getCount() > 0) {
      log.warn(
          "New jobs of other processes cannot be listened for and are found by polling meanwhile: {}",
          reason,
          e);
    }
    complained = true;
  }
}
