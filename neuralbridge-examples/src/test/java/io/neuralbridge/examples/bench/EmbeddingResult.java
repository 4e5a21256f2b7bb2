package io.neuralbridge.examples.bench;

import java.util.List;

/**
 * One contestant's run over a corpus.
 *
 * @param chunks in the corpus
 * @param nanos from the first call to the last vector
 * @param cpuNanos what the contestants' process spent meanwhile; a database server is not in it
 * @param landing what the contestant has of it
 * @param provider what the provider saw of it
 */
record EmbeddingResult(
    int chunks,
    long nanos,
    long cpuNanos,
    EmbeddingContestant.Landing landing,
    ProviderStats provider) {

  static EmbeddingResult of(
      EmbeddingContestant contestant,
      List<Corpus.Text> documents,
      ProviderRules rules,
      Provider provider)
      throws Exception {
    int chunks = documents.stream().mapToInt(document -> document.chunks().size()).sum();
    provider.begin(rules);
    long cpuBefore = ProviderLog.cpuNanos();
    long begin = System.nanoTime();
    EmbeddingContestant.Landing landing = contestant.ingest(documents);
    long nanos = System.nanoTime() - begin;
    long cpuNanos = ProviderLog.cpuNanos() - cpuBefore;
    return new EmbeddingResult(chunks, nanos, cpuNanos, landing, provider.stats());
  }

  double perSecond() {
    return chunks * 1e9 / nanos;
  }

  /** Chunks that came to be stored a second; less than {@link #perSecond} if some were lost. */
  double storedPerSecond() {
    return landing.stored() * 1e9 / nanos;
  }

  /** Seconds of CPU for 100,000 chunks. */
  double cpuSeconds() {
    return cpuNanos / 1e9 * 100_000 / chunks;
  }

  /** Seconds of the provider's CPU for 100,000 texts that it embedded. */
  double providerCpuSeconds() {
    return provider.texts() == 0 ? 0 : provider.cpuNanos() / 1e9 * 100_000 / provider.texts();
  }

  long lost() {
    return Math.max(0, chunks - landing.stored());
  }

  /** That every chunk is stored once. */
  void requireAllStored(String who) {
    if (landing.failures() > 0 || landing.stored() != chunks) {
      throw new IllegalStateException(
          "%s stored %d of %d chunks: %s"
              .formatted(who, landing.stored(), chunks, landing.firstFailure()));
    }
  }

  /** That every chunk was embedded once, by the provider's count. */
  void requireEachEmbeddedOnce(String who) {
    if (provider.texts() != chunks || provider.repeated() > 0) {
      throw new IllegalStateException(
          "%s had %d texts embedded for %d chunks, %d of them again"
              .formatted(who, provider.texts(), chunks, provider.repeated()));
    }
  }
}
