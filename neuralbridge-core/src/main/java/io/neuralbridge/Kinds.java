package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.Worker;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be known of jobs before they run: what memory they need, and which run together. */
final class Kinds {

  /** Which jobs run in one call: those of one kind, with something in common. */
  record Together(String kind, Object common) {}

  /** So much that no sum of estimates overflows. */
  static final long MOST_BYTES = 1L << 39;

  private static final Logger log = LoggerFactory.getLogger(Kinds.class);

  private final Map<String, Worker<?>> workers;
  private final Keyring keys;
  private final Map<String, ChunkLimits> chunkLimits = new HashMap<>();

  Kinds(Map<String, Worker<?>> workers, Keyring keys) {
    this.workers = Map.copyOf(workers);
    this.keys = keys;
    workers.forEach(
        (kind, worker) -> {
          if (worker instanceof ChunkWorker<?> chunkWorker) {
            chunkLimits.put(kind, chunkWorker.chunkLimits());
          }
        });
  }

  /** What a job needs by its worker's estimate; if there is none to be had, as much as there is. */
  long bytes(Job job) {
    Worker<?> worker = workers.get(job.kind());
    try {
      long bytes = worker == null ? 0 : worker.options().memory().applyAsLong(job);
      if (bytes >= 0) {
        return Math.min(bytes, MOST_BYTES);
      }
      log.warn("Job {} ({}) needs {} bytes by its estimate", job.id(), job.kind(), bytes);
    } catch (RuntimeException | Error e) {
      log.warn("The memory of job {} ({}) cannot be estimated", job.id(), job.kind(), e);
    }
    return MOST_BYTES;
  }

  /** When the job's chunk is complete; null if it runs alone. */
  @Nullable ChunkLimits chunkLimits(Job job) {
    // A job that may have killed a process takes no other along.
    return job.crashes() == 0 ? chunkLimits.get(job.kind()) : null;
  }

  /** What the job runs together with. */
  Together together(Job job) {
    return new Together(
        job.kind(),
        workers.get(job.kind()) instanceof ChunkWorker<?> worker ? common(worker, job) : job.id());
  }

  private <A> Object common(ChunkWorker<A> worker, Job job) {
    try {
      Function<? super A, ?> by = worker.chunkBy();
      return by == null ? "" : Objects.requireNonNull(by.apply(decode(worker, job)));
    } catch (RuntimeException | Error e) {
      log.warn("Job {} ({}) runs alone: what it may run with is unknown", job.id(), job.kind(), e);
      return job.id();
    }
  }

  private <A> A decode(ChunkWorker<A> worker, Job job) {
    return worker.type().decode(job.spec().args(), keys);
  }
}
