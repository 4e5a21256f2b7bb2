package io.neuralbridge.embedding;

import java.util.concurrent.atomic.LongAdder;

/** What a pipeline counts. */
final class Tally {
  final LongAdder texts = new LongAdder();
  final LongAdder firstTierHits = new LongAdder();
  final LongAdder secondTierHits = new LongAdder();
  final LongAdder shared = new LongAdder();
  final LongAdder embedded = new LongAdder();
  final LongAdder calls = new LongAdder();
  final LongAdder inputTokens = new LongAdder();
  volatile int waiting;
  volatile int running;
  volatile int concurrency;

  PipelineStats stats(HeapCache cache) {
    return new PipelineStats(
        texts.sum(),
        firstTierHits.sum(),
        secondTierHits.sum(),
        shared.sum(),
        embedded.sum(),
        calls.sum(),
        inputTokens.sum(),
        cache.stats().evictionCount(),
        cache.weight(),
        waiting,
        running,
        concurrency);
  }
}
