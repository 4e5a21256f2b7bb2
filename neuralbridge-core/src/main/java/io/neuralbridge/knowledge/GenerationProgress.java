package io.neuralbridge.knowledge;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the building of a generation is.
 *
 * @param chunks all that there are
 * @param embedded those that it has
 * @param failed those that it lacks because the last attempt failed
 * @param chunksPerSecond over the last 30 seconds
 */
public record GenerationProgress(
    Generation generation, long chunks, long embedded, long failed, double chunksPerSecond) {

  private static final Duration WINDOW = Duration.ofSeconds(30);

  static GenerationProgress of(EmbeddingLedger ledger, Generation generation) {
    KnowledgeStats stats = ledger.stats(generation.id());
    double recently = ledger.embeddedWithin(generation.id(), WINDOW);
    return new GenerationProgress(
        generation,
        stats.chunks(),
        stats.embedded(),
        stats.failed(),
        recently / WINDOW.toSeconds());
  }

  /** Those that it lacks, failed ones included. */
  public long pending() {
    return chunks - embedded;
  }

  /** 0 to 1. */
  public double fraction() {
    return chunks == 0 ? 1 : (double) embedded / chunks;
  }

  /** How long the rest takes at that rate; empty if nothing was embedded lately. */
  public Optional<Duration> remaining() {
    return chunksPerSecond <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((long) Math.ceil(pending() / chunksPerSecond)));
  }

  /** In one line, such as {@code "500 of 2,000 chunks, 50.0/s, PT30S left"}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d chunks%s, %.1f/s%s",
        embedded,
        chunks,
        failed == 0 ? "" : String.format(Locale.ROOT, " (%,d failed)", failed),
        chunksPerSecond,
        remaining().map(left -> ", " + left + " left").orElse(""));
  }
}
