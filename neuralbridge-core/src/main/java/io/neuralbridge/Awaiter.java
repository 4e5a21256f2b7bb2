package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.event.JobListener;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobException;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells those who wait for jobs that these are final. One thread for all of them, from the first
 * wait on: events of this process are hints to look at once, and for the rest it polls.
 *
 * <p>A poll asks which jobs are live, for at most 10,000 of them in turn, and reads only the
 * others.
 */
final class Awaiter implements JobListener {

  private static final Logger log = LoggerFactory.getLogger(Awaiter.class);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration LAST_ROUND = Duration.ofSeconds(1);
  private static final int MOST_A_POLL = 10_000;
  private static final int BATCH = 1_000;

  private final Queue queue;
  private final Duration pollInterval;
  private final AwaitedJobs awaited = new AwaitedJobs();
  private final Loop loop = Loop.daemon("awaiter", this::round);
  private final AtomicBoolean started = new AtomicBoolean();
  private long nextPollNanos = System.nanoTime();

  Awaiter(Queue queue, Duration pollInterval) {
    this.queue = queue;
    this.pollInterval = pollInterval;
  }

  CompletableFuture<Job> await(long id) {
    CompletableFuture<Job> future = new CompletableFuture<>();
    if (!awaited.add(id, future)) {
      return CompletableFuture.failedFuture(closedBefore(id));
    }
    CompletableFuture<Job> unused =
        future.whenComplete((job, failure) -> awaited.forget(id, future));
    if (started.compareAndSet(false, true)) {
      loop.start();
    }
    loop.wake();
    return future;
  }

  @Override
  public void onEvent(JobEvent event) {
    if (isFinal(event)) {
      look(event.job().id());
    }
  }

  private static boolean isFinal(JobEvent event) {
    if (event instanceof JobEvent.Settled settled) {
      return settled.state().isFinal();
    }
    return event instanceof JobEvent.Rescued rescued && rescued.job().state().isFinal();
  }

  /** The job may be final now. */
  void look(long id) {
    if (awaited.hint(id)) {
      loop.wake();
    }
  }

  /** Looks a last time, and fails what is not final by then. */
  void close() {
    awaited.close();
    loop.stop();
    try {
      loop.join(LAST_ROUND);
      read(awaited.all());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.warn("Could not look a last time for the jobs that are awaited: {}", e.toString());
    }
    awaited.all().forEach(id -> fail(id, closedBefore(id)));
  }

  private Duration round() {
    List<Long> ids = new ArrayList<>(awaited.takeHints());
    if (System.nanoTime() - nextPollNanos >= 0) {
      ids.addAll(awaited.next(MOST_A_POLL));
      nextPollNanos = System.nanoTime() + pollInterval.toNanos();
    }
    read(ids);
    if (awaited.isEmpty()) {
      return IDLE;
    }
    return awaited.hasHints() ? Duration.ZERO : Duration.ofNanos(nextPollNanos - System.nanoTime());
  }

  private void read(List<Long> ids) {
    for (int from = 0; from < ids.size(); from += BATCH) {
      Set<Long> batch = new LinkedHashSet<>(ids.subList(from, Math.min(from + BATCH, ids.size())));
      batch.removeAll(queue.live(batch));
      if (!batch.isEmpty()) {
        answer(batch);
      }
    }
  }

  // A job may have been retried between the two looks; then it is awaited further.
  private void answer(Set<Long> notLive) {
    for (Job job : queue.find(notLive)) {
      notLive.remove(job.id());
      if (job.state().isFinal()) {
        awaited.take(job.id()).forEach(future -> future.completeAsync(() -> job));
      }
    }
    notLive.forEach(id -> fail(id, notFound(id)));
  }

  private void fail(long id, JobException failure) {
    for (CompletableFuture<Job> future : awaited.take(id)) {
      future.defaultExecutor().execute(() -> future.completeExceptionally(failure));
    }
  }

  private static JobException notFound(long id) {
    return new JobException(
        "job_not_found", "there is no job %d, or it has been pruned".formatted(id));
  }

  private static JobException closedBefore(long id) {
    return new JobException(
        "closed",
        "the bridge was closed before job %d was final; await it with another".formatted(id));
  }
}
