package io.neuralbridge.examples.bench;

import io.neuralbridge.examples.bench.EmbeddingContestant.Landing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Brings chunks to a library that works in the caller's threads. */
final class Calls {

  /** One call for some chunks. */
  interface Call {
    void of(List<String> chunks) throws Exception;
  }

  private final List<String> chunks;
  private final int size;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile String firstFailure = "";

  private Calls(List<Corpus.Text> documents, int size) {
    this.chunks = documents.stream().flatMap(text -> text.chunks().stream()).toList();
    this.size = size;
  }

  /**
   * Makes all calls; one that throws is counted and not made again.
   *
   * @param size how many chunks each call has
   * @param threads how many calls are made at once
   * @param stored asked afterwards
   */
  static Landing make(
      List<Corpus.Text> documents, int size, int threads, Call call, LongSupplier stored)
      throws Exception {
    Calls calls = new Calls(documents, size);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        ends.add(pool.submit(() -> calls.makeAll(call)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      pool.shutdownNow();
    }
    return new Landing(stored.getAsLong(), calls.failures.get(), calls.firstFailure);
  }

  private void makeAll(Call call) {
    int begin = next.getAndAdd(size);
    while (begin < chunks.size()) {
      try {
        call.of(chunks.subList(begin, Math.min(begin + size, chunks.size())));
      } catch (Exception e) {
        if (failures.getAndIncrement() == 0) {
          firstFailure = String.valueOf(e);
        }
      }
      begin = next.getAndAdd(size);
    }
  }
}
