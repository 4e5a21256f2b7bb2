package io.neuralbridge;

import io.neuralbridge.queue.EndedJob;
import io.neuralbridge.queue.History;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes final jobs when their time is over, oldest first, in small chunks with pauses between
 * them. Only the leader does.
 *
 * <p>For each of the different times that jobs are kept it goes through the history once: a sweep
 * looks at what is that old, deletes what is kept no longer, and remembers how far it came, so that
 * jobs which others keep longer are not looked at again.
 */
final class Pruner {

  private static final Logger log = LoggerFactory.getLogger(Pruner.class);
  private static final Duration INTERVAL = Duration.ofMinutes(1);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration AGAIN = Duration.ofHours(12);
  private static final Duration STANDBY = Duration.ofSeconds(5);

  /** Younger jobs are left alone: one whose transaction is slow may still come before them. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  private static final int CHUNK = 1_000;
  private static final int ARCHIVED_CHUNK = 100;

  private final History history;
  private final Retention retention;
  private final @Nullable JobArchive archive;
  private final BooleanSupplier leads;
  private final LongSupplier nanos;
  private final List<Sweep> sweeps;
  private final int chunk;

  /**
   * @param leads whether this node is the one that prunes
   * @param nanos elapsed time, from any origin
   */
  Pruner(History history, Settings settings, BooleanSupplier leads, LongSupplier nanos) {
    this.history = history;
    this.retention = settings.retention();
    this.archive = settings.archive();
    this.leads = leads;
    this.nanos = nanos;
    this.sweeps = retention.times().stream().map(Sweep::new).toList();
    this.chunk = archive == null ? CHUNK : ARCHIVED_CHUNK;
  }

  Duration round() throws Exception {
    if (!leads.getAsBoolean()) {
      sweeps.forEach(Sweep::beginAnew);
      return STANDBY;
    }
    for (Sweep sweep : sweeps) {
      if (sweep.step()) {
        return PAUSE;
      }
    }
    return history.deleteFlows(retention.otherwise(), CHUNK) == CHUNK ? PAUSE : INTERVAL;
  }

  /** Goes through what is older than one of the times that jobs are kept. */
  private final class Sweep {

    private final Duration kept;
    private final Duration age;
    private @Nullable EndedJob last;
    private long begunAt;

    Sweep(Duration kept) {
      this.kept = kept;
      this.age = kept.compareTo(SETTLED) < 0 ? SETTLED : kept;
    }

    void beginAnew() {
      last = null;
    }

    /** Whether there may be more to do at once. */
    boolean step() throws Exception {
      beginAnewAfterAWhile();
      List<EndedJob> old = history.ended(age, last, chunk);
      List<EndedJob> over = old.stream().filter(this::decides).toList();
      if (!over.isEmpty()) {
        delete(over);
      }
      if (!old.isEmpty()) {
        last = old.get(old.size() - 1);
      }
      return old.size() == chunk;
    }

    // What came late, was passed over and is not found in any other way.
    private void beginAnewAfterAWhile() {
      long now = nanos.getAsLong();
      if (last == null || now - begunAt > AGAIN.toNanos()) {
        last = null;
        begunAt = now;
      }
    }

    private boolean decides(EndedJob job) {
      return retention.of(job.kind(), job.queue(), job.state()).equals(kept);
    }
  }

  private void delete(List<EndedJob> jobs) throws Exception {
    if (archive != null) {
      archive.archive(history.read(jobs));
    }
    int deleted = history.delete(jobs);
    log.debug("{} of {} jobs pruned", deleted, jobs.size());
  }
}
