package io.neuralbridge;

import io.neuralbridge.job.Outcome;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.MissingOutcomeException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Jobs of one chunk worker that run in one call. Each has its own run, with all that belongs to
 * one, up to the work itself: there it waits until the others have come, or will not come, and for
 * its outcome. The call has a thread of its own, so that one job that is stopped leaves the others
 * alone; it is interrupted when nobody waits for it any more.
 */
final class Chunk {

  private final ExecutorService threads;
  private final Set<Long> expected;
  private final Map<Long, JobContext<?>> arrived = new LinkedHashMap<>();
  private final Set<Long> waiting = new HashSet<>();
  private final CompletableFuture<Map<Long, Outcome>> outcomes = new CompletableFuture<>();
  private @Nullable ChunkWorker<?> worker;
  private @Nullable Future<?> call;

  Chunk(Set<Long> jobIds, ExecutorService threads) {
    this.expected = new HashSet<>(jobIds);
    this.threads = threads;
  }

  /** The work of one job of the chunk. */
  <A> Outcome work(ChunkWorker<A> worker, JobContext<A> context) throws Exception {
    long id = context.job().id();
    arrive(worker, id, context);
    try {
      Outcome outcome = outcomes.get().get(id);
      if (outcome == null) {
        throw new MissingOutcomeException(id);
      }
      return outcome;
    } catch (ExecutionException e) {
      return Outcome.failed(Objects.requireNonNullElse(e.getCause(), e));
    } finally {
      leave(id);
    }
  }

  /** This job will not come: it ended before its work began. Nothing happens if it came. */
  synchronized void absent(long id) {
    expected.remove(id);
    callWhenComplete();
  }

  private synchronized void arrive(ChunkWorker<?> worker, long id, JobContext<?> context) {
    this.worker = worker;
    expected.remove(id);
    arrived.put(id, context);
    waiting.add(id);
    callWhenComplete();
  }

  private synchronized void leave(long id) {
    waiting.remove(id);
    if (waiting.isEmpty() && call != null) {
      call.cancel(true);
    }
  }

  private void callWhenComplete() {
    ChunkWorker<?> chunkWorker = worker;
    if (expected.isEmpty() && chunkWorker != null && call == null && !waiting.isEmpty()) {
      List<JobContext<?>> present = arrived.values().stream().filter(this::isWaiting).toList();
      try {
        call = threads.submit(() -> call(chunkWorker, present));
      } catch (RuntimeException | OutOfMemoryError e) {
        outcomes.completeExceptionally(e);
      }
    }
  }

  private boolean isWaiting(JobContext<?> context) {
    return waiting.contains(context.job().id());
  }

  @SuppressWarnings("unchecked")
  private <A> void call(ChunkWorker<A> worker, List<JobContext<?>> contexts) {
    try {
      List<JobContext<A>> typed = contexts.stream().map(each -> (JobContext<A>) each).toList();
      outcomes.complete(Map.copyOf(worker.workAll(typed)));
    } catch (Throwable e) {
      outcomes.completeExceptionally(e);
    }
  }
}
