package io.neuralbridge.jdbc;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications from a thread of its own: the first one for a queue at once, those that come
 * within the next 5 ms together. The thread ends when there has been nothing to send for a while.
 */
final class NotifySender {

  private static final Logger log = LoggerFactory.getLogger(NotifySender.class);
  private static final long GAP = Duration.ofMillis(5).toNanos();
  private static final Duration IDLE = Duration.ofSeconds(10);
  // Nothing is to be made lasting: the hint is heard without a wait for the disk.
  private static final String NOTIFY =
      """
      SELECT pg_notify(:channel, :queue), set_config('synchronous_commit', 'off', true)
      """;

  private final Database database;
  private final Supplier<String> channel;
  private final Set<String> pending = ConcurrentHashMap.newKeySet();
  private final Map<String, Long> lastSent = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor thread;

  NotifySender(Database database, Supplier<String> channel) {
    this.database = database;
    this.channel = channel;
    this.thread = new ScheduledThreadPoolExecutor(1, NotifySender::daemon);
    thread.setKeepAliveTime(IDLE.toSeconds(), TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "neuralbridge-notify");
    thread.setDaemon(true);
    return thread;
  }

  void send(String queue) {
    if (pending.add(queue)) {
      long now = System.nanoTime();
      long since = now - lastSent.getOrDefault(queue, now - GAP);
      var unused =
          thread.schedule(() -> sendNow(queue), Math.max(0, GAP - since), TimeUnit.NANOSECONDS);
    }
  }

  // No longer pending before it is sent: what is stored from now on needs another one.
  private void sendNow(String queue) {
    pending.remove(queue);
    lastSent.put(queue, System.nanoTime());
    try {
      database.runRepeatable(session -> notify(session, queue));
    } catch (RuntimeException e) {
      log.debug(
          "Other nodes were not told of jobs in queue '{}'; they find them by polling", queue, e);
    }
  }

  private boolean notify(Session session, String queue) {
    return session
        .query(NOTIFY)
        .bind("channel", channel.get())
        .bind("queue", queue)
        .map((row, context) -> true)
        .one();
  }
}
