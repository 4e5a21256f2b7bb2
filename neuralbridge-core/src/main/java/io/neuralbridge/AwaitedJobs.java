package io.neuralbridge;

import io.neuralbridge.job.Job;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Who waits for which jobs, and which of these to look at next. Safe for use by many threads. */
final class AwaitedJobs {

  private final TreeMap<Long, List<CompletableFuture<Job>>> waits = new TreeMap<>();
  private final Set<Long> hints = new LinkedHashSet<>();
  private long lastPolled = Long.MIN_VALUE;
  private boolean closed;

  /** Returns {@code false} if it is closed. */
  synchronized boolean add(long id, CompletableFuture<Job> future) {
    if (!closed) {
      waits.computeIfAbsent(id, awaited -> new ArrayList<>()).add(future);
      hints.add(id);
    }
    return !closed;
  }

  /** Ends one wait. */
  synchronized void forget(long id, CompletableFuture<Job> future) {
    List<CompletableFuture<Job>> futures = waits.get(id);
    if (futures != null) {
      futures.removeIf(other -> other == future);
      if (futures.isEmpty()) {
        waits.remove(id);
      }
    }
  }

  /** Ends all waits for a job; returns them. */
  synchronized List<CompletableFuture<Job>> take(long id) {
    List<CompletableFuture<Job>> futures = waits.remove(id);
    return futures == null ? List.of() : futures;
  }

  /** Notes that the job may be final; {@code false} if nobody waits for it. */
  synchronized boolean hint(long id) {
    return waits.containsKey(id) && hints.add(id);
  }

  synchronized boolean hasHints() {
    return !hints.isEmpty();
  }

  synchronized List<Long> takeHints() {
    List<Long> taken = List.copyOf(hints);
    hints.clear();
    return taken;
  }

  /** The next {@code most} in turn. */
  synchronized List<Long> next(int most) {
    Stream<Long> later = waits.tailMap(lastPolled, false).keySet().stream();
    Stream<Long> earlier = waits.headMap(lastPolled, true).keySet().stream();
    List<Long> ids = Stream.concat(later, earlier).limit(most).toList();
    lastPolled = ids.isEmpty() ? Long.MIN_VALUE : ids.get(ids.size() - 1);
    return ids;
  }

  synchronized boolean isEmpty() {
    return waits.isEmpty();
  }

  synchronized List<Long> all() {
    return List.copyOf(waits.keySet());
  }

  /** Lets nobody in any more. */
  synchronized void close() {
    closed = true;
  }
}
