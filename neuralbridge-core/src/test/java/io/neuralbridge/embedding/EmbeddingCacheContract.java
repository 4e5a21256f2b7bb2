package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.testing.VirtualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link EmbeddingCache} does. */
public abstract class EmbeddingCacheContract {

  private final VirtualClock clock = new VirtualClock(Instant.parse("2026-11-24T00:00:00Z"));
  private EmbeddingCache cache;

  /** An empty cache that reads the time from {@code clock}. */
  protected abstract EmbeddingCache newCache(InstantSource clock) throws Exception;

  @BeforeEach
  void open() throws Exception {
    cache = newCache(clock);
  }

  private static EmbeddingKey key(int number) {
    return EmbeddingKey.of("m", 3, InputType.DOCUMENT, "", "text " + number);
  }

  private static CachedEmbedding entry(int number) {
    return new CachedEmbedding(new float[] {number, -0.5f, Float.MIN_VALUE}, number);
  }

  private static Map<EmbeddingKey, CachedEmbedding> entries(int from, int to) {
    Map<EmbeddingKey, CachedEmbedding> entries = new LinkedHashMap<>();
    IntStream.range(from, to).forEach(i -> entries.put(key(i), entry(i)));
    return entries;
  }

  private static List<EmbeddingKey> keys(int from, int to) {
    return IntStream.range(from, to).mapToObj(EmbeddingCacheContract::key).toList();
  }

  @Test
  void whatIsPutIsFoundAndNothingElse() {
    cache.put("m", entries(0, 100));

    Map<EmbeddingKey, CachedEmbedding> found = cache.get(keys(90, 110));

    assertThat(found).containsOnlyKeys(keys(90, 100));
    assertThat(found.get(key(95)).vector()).containsExactly(95, -0.5f, Float.MIN_VALUE);
    assertThat(found.get(key(95)).tokens()).isEqualTo(95);
    assertThat(cache.get(List.of())).isEmpty();
    assertThat(cache.count("m")).isEqualTo(100);
    assertThat(cache.count("other")).isZero();
  }

  @Test
  void whatIsThereStaysAsItIs() {
    cache.put("m", entries(0, 1));
    cache.put("m", Map.of(key(0), entry(7), key(1), entry(1)));
    cache.put("m", Map.of());

    assertThat(cache.get(List.of(key(0))).get(key(0)).tokens()).isZero();
    assertThat(cache.count("m")).isEqualTo(2);
  }

  @Test
  void manyMayPutTheSameAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> puts = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        int from = i;
        puts.add(threads.submit(() -> cache.put("m", entries(from, from + 64))));
      }
      for (Future<?> put : puts) {
        put.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(cache.get(keys(0, 100))).hasSize(79);
    assertThat(cache.count("m")).isEqualTo(79);
  }

  @Test
  void pruningTakesWhatIsOldAChunkAtATime() {
    cache.put("m", entries(0, 10));
    clock.advance(Duration.ofDays(2));
    cache.put("m", entries(10, 13));
    EmbeddingCachePruning old = EmbeddingCachePruning.olderThan(Duration.ofDays(1));

    assertThat(cache.prune(old, 4)).isEqualTo(4);
    assertThat(cache.prune(old, 4)).isEqualTo(4);
    assertThat(cache.prune(old, 4)).isEqualTo(2);
    assertThat(cache.get(keys(0, 20))).containsOnlyKeys(keys(10, 13));
  }

  @Test
  void pruningByUseSparesWhatWasRead() {
    cache.put("m", entries(0, 4));
    clock.advance(Duration.ofDays(20));
    cache.get(keys(0, 2));
    clock.advance(Duration.ofDays(20));

    assertThat(cache.prune(EmbeddingCachePruning.unusedFor(Duration.ofDays(30)), 100)).isEqualTo(2);
    assertThat(cache.get(keys(0, 4))).containsOnlyKeys(keys(0, 2));
  }

  @Test
  void pruningByModelTakesThatModelAlone() {
    cache.put("m", entries(0, 4));
    cache.put("retired", entries(4, 6));

    assertThat(cache.prune(EmbeddingCachePruning.ofModel("retired"), 100)).isEqualTo(2);
    assertThat(cache.count("m")).isEqualTo(4);
    assertThat(
            cache.prune(
                new EmbeddingCachePruning("m", Duration.ofDays(1), Duration.ofDays(1)), 100))
        .as("all that is said must be met")
        .isZero();
  }
}
