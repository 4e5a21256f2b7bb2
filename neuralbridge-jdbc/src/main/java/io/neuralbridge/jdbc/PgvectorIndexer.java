package io.neuralbridge.jdbc;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the index of each collection that has grown large enough, in the background: when it has
 * stopped to grow, because rows that come later enter an index one by one, which takes several
 * times as long.
 */
final class PgvectorIndexer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PgvectorIndexer.class);

  /** How long a collection must have been quiet. */
  static final Duration PAUSE = Duration.ofSeconds(30);

  // A collection that never stops to grow gets its index after ten minutes all the same.
  private static final int MOST_PAUSES = 20;
  private static final int MOST_DOUBLINGS = 7;
  private static final int LOOKS_PER_THRESHOLD = 10;

  private final Database database;
  private final int indexFrom;
  private final Duration pause;
  private final ConcurrentMap<Long, Watch> watches = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor thread;

  PgvectorIndexer(Database database, int indexFrom, Duration pause) {
    this.database = database;
    this.indexFrom = indexFrom;
    this.pause = pause;
    thread = new ScheduledThreadPoolExecutor(1, PgvectorIndexer::daemon);
    thread.setKeepAliveTime(1, TimeUnit.MINUTES);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "neuralbridge-pgvector-index");
    thread.setDaemon(true);
    return thread;
  }

  /** Hears of each use of a collection, and how many rows were written. */
  void used(PgvectorTable table, int written) {
    if (table.indexed() || !table.mayBeIndexed() || indexFrom == Integer.MAX_VALUE) {
      watches.remove(table.id());
      return;
    }
    Watch watch = watches.computeIfAbsent(table.id(), id -> new Watch(table));
    if (watch.isLookDue(written)) {
      schedule(watch, Duration.ZERO);
    }
  }

  private void schedule(Watch watch, Duration delay) {
    try {
      var unused = thread.schedule(() -> lookSafely(watch), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("Collection '{}' gets no index here: closed", watch.table.name());
    }
  }

  private void lookSafely(Watch watch) {
    try {
      look(watch);
      watch.failures = 0;
    } catch (RuntimeException e) {
      if (thread.isShutdown()) {
        return;
      }
      watch.failures = Math.min(watch.failures + 1, MOST_DOUBLINGS);
      log.warn(
          "The index of collection '{}' could not be built; searches go on without it, and it is tried again",
          watch.table.name(),
          e);
      schedule(watch, pause.multipliedBy(1L << watch.failures));
    }
  }

  private void look(Watch watch) {
    Optional<PgvectorIndexes.State> found =
        database.run(session -> PgvectorIndexes.look(session, watch.table, indexFrom));
    if (found.isEmpty() || found.get().indexed()) {
      watches.remove(watch.table.id());
      return;
    }
    if (found.get().rows() < indexFrom) {
      watch.waitForWrites();
    } else if (watch.isGrowing(found.get().bytes()) || !build(watch.table)) {
      schedule(watch, pause);
    } else {
      watches.remove(watch.table.id());
    }
  }

  /** {@code false} if another process is at it. */
  private boolean build(PgvectorTable table) {
    try {
      database.run(session -> PgvectorIndexes.dropInvalid(session, table));
    } catch (DatabaseException e) {
      if (e.code().equals(DatabaseException.CONFLICT)) {
        return false;
      }
      throw e;
    }
    log.info("Building the index of collection '{}'", table.name());
    long start = System.nanoTime();
    boolean built = database.runAlone(session -> PgvectorIndexes.build(session, table));
    if (built) {
      log.info(
          "Built the index of collection '{}' in {} ms",
          table.name(),
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }
    return built;
  }

  /** Ends the thread; an index that is being built is finished by the server or built anew. */
  @Override
  public void close() {
    thread.shutdownNow();
  }

  /** A collection without an index. */
  private final class Watch {

    final PgvectorTable table;
    int failures;
    private boolean scheduled;
    private long written;
    private long bytes;
    private int pauses;

    Watch(PgvectorTable table) {
      this.table = table;
      written = indexFrom;
    }

    /** True once, until {@link #waitForWrites}: after the first use, and then after many writes. */
    synchronized boolean isLookDue(int rows) {
      written += rows;
      if (scheduled || written < Math.max(1, indexFrom / LOOKS_PER_THRESHOLD)) {
        return false;
      }
      scheduled = true;
      return true;
    }

    synchronized void waitForWrites() {
      scheduled = false;
      written = 0;
    }

    boolean isGrowing(long now) {
      boolean growing = bytes < now - now / LOOKS_PER_THRESHOLD;
      bytes = now;
      return growing && pauses++ < MOST_PAUSES;
    }
  }
}
