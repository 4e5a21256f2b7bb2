package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.RateBuckets.Take;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all {@link RateBuckets} do. */
public abstract class RateBucketsContract {

  private static final RateLimits ONE_A_SECOND = new RateLimits(60L, null);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ManualTime clock = new ManualTime();
  private RateBuckets buckets;

  /** Buckets that nobody has named yet, by {@code clock}. */
  protected abstract RateBuckets newBuckets(InstantSource clock) throws Exception;

  @BeforeEach
  void open() throws Exception {
    buckets = newBuckets(clock);
  }

  private Take take(RateLimits limits, double requests, double tokens, Duration mostWait) {
    return buckets.take("b", limits, requests, tokens, mostWait);
  }

  private Take takeOne(Duration mostWait) {
    return take(ONE_A_SECOND, 1, 100, mostWait);
  }

  private static void assertTaken(Take take, Duration delay) {
    assertThat(take.taken()).isTrue();
    assertThat(take.delay()).isCloseTo(delay, Duration.ofMillis(1));
  }

  private static void assertRefused(Take take, Duration delay) {
    assertThat(take.taken()).isFalse();
    assertThat(take.delay()).isCloseTo(delay, Duration.ofMillis(1));
  }

  @Test
  void whatIsOwedMustBeCoveredBeforeTheNextIsUsed() {
    assertTaken(takeOne(Duration.ZERO), Duration.ZERO);
    assertTaken(takeOne(Duration.ZERO), Duration.ZERO);
    assertTaken(takeOne(SECOND), SECOND);
    assertRefused(takeOne(SECOND), SECOND.multipliedBy(2));
    clock.advance(SECOND);
    assertTaken(takeOne(SECOND), SECOND);
  }

  @Test
  void whatIsRefusedChangesNothing() {
    take(ONE_A_SECOND, 3, 0, Duration.ZERO);
    assertRefused(takeOne(Duration.ZERO), SECOND.multipliedBy(2));
    assertRefused(takeOne(Duration.ZERO), SECOND.multipliedBy(2));
  }

  @Test
  void aBucketHoldsNoMoreThanASecondBrings() {
    takeOne(Duration.ZERO);
    clock.advance(Duration.ofDays(1));
    take(ONE_A_SECOND, 5, 0, Duration.ZERO);
    assertRefused(takeOne(Duration.ZERO), SECOND.multipliedBy(4));
  }

  @Test
  void tokensAreLimitedAsRequestsAre() {
    RateLimits tokens = new RateLimits(null, 6_000L);
    assertTaken(take(tokens, 1, 1_100, Duration.ZERO), Duration.ZERO);
    assertRefused(take(tokens, 1, 100, SECOND), Duration.ofSeconds(10));
    clock.advance(Duration.ofSeconds(9));
    assertTaken(take(tokens, 1, 100, SECOND), SECOND);
  }

  @Test
  void whatIsNotLimitedIsThere() {
    for (int i = 0; i < 10; i++) {
      assertTaken(take(RateLimits.NONE, 1_000, 1e9, Duration.ZERO), Duration.ZERO);
    }
    take(ONE_A_SECOND, 4, 0, Duration.ZERO);
    assertRefused(takeOne(Duration.ZERO), SECOND.multipliedBy(3));
  }

  @Test
  void whatIsGivenBackMayBeTakenAgain() {
    take(ONE_A_SECOND, 4, 0, Duration.ZERO);
    buckets.giveBack("b", ONE_A_SECOND, 2, 0);
    assertTaken(takeOne(SECOND), SECOND);
    buckets.giveBack("b", ONE_A_SECOND, 1_000, 0);
    take(ONE_A_SECOND, 2, 0, Duration.ZERO);
    assertTaken(takeOne(SECOND), SECOND);
  }

  @Test
  void theProviderLowersAndNeverRaises() {
    RateLimits limits = new RateLimits(600L, 6_000L);
    take(limits, 1, 0, Duration.ZERO);
    buckets.lower("b", limits, 2, Double.MAX_VALUE);
    buckets.lower("b", limits, 5, 1_000);
    take(limits, 3, 0, Duration.ZERO);
    assertTaken(take(limits, 1, 0, SECOND), Duration.ofMillis(100));
    buckets.lower("b", limits, Double.MAX_VALUE, -200);
    assertRefused(take(limits, 1, 0, SECOND), Duration.ofSeconds(2));
  }

  @Test
  void aClosedBucketGivesNothingUntilItsTime() {
    buckets.close("b", RateLimits.NONE, Duration.ofSeconds(20));
    buckets.close("b", RateLimits.NONE, Duration.ofSeconds(5));

    assertRefused(take(RateLimits.NONE, 1, 1, SECOND), Duration.ofSeconds(20));
    assertTaken(buckets.take("other", RateLimits.NONE, 1, 1, Duration.ZERO), Duration.ZERO);
    clock.advance(Duration.ofMillis(19_500));
    assertTaken(take(RateLimits.NONE, 1, 1, SECOND), Duration.ofMillis(500));
    clock.advance(Duration.ofMillis(500));
    assertTaken(take(RateLimits.NONE, 1, 1, Duration.ZERO), Duration.ZERO);
  }

  @Test
  void aBucketMayBeChangedBeforeAnybodyTakes() {
    buckets.lower("b", ONE_A_SECOND, -3, Double.MAX_VALUE);
    assertRefused(takeOne(SECOND), SECOND.multipliedBy(3));
  }

  @Test
  void aClockThatGoesBackBringsNothing() {
    take(ONE_A_SECOND, 3, 0, Duration.ZERO);
    clock.advance(Duration.ofHours(-1));
    assertRefused(takeOne(Duration.ZERO), SECOND.multipliedBy(2));
    clock.advance(Duration.ofHours(1));
    assertRefused(takeOne(Duration.ZERO), SECOND.multipliedBy(2));
  }

  @Test
  void manyWhoTakeAtOnceGetNoMoreThanThereIs() throws Exception {
    RateLimits limits = new RateLimits(600L, null);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    int taken = 0;
    try {
      List<Future<Take>> takes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        takes.add(threads.submit(() -> take(limits, 1, 1, SECOND)));
      }
      for (Future<Take> take : takes) {
        taken += take.get().taken() ? 1 : 0;
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(taken).as("a second's worth, one that is owed, and a second ahead").isEqualTo(21);
  }

  @Test
  void pipelinesThatShareABucketKeepItsRateTogether() throws Exception {
    RateLimits limits = new RateLimits(600L, null);
    List<Long> calls = new CopyOnWriteArrayList<>();
    List<EmbeddingPipeline> nodes = new ArrayList<>();
    List<CompletableFuture<EmbeddedTexts>> results = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      EmbeddingPipeline node =
          EmbeddingPipeline.builder(new TimedModel(calls))
              .maxWait(Duration.ZERO)
              .time(clock)
              .rateBuckets(buckets)
              .rateLimits(limits)
              .build();
      nodes.add(node);
      List<String> texts = IntStream.range(0, 150).mapToObj(n -> "text " + n).toList();
      results.add(node.submit(texts, InputType.DOCUMENT));
    }
    for (CompletableFuture<EmbeddedTexts> result : results) {
      while (!result.isDone()) {
        clock.advance(Duration.ofMillis(20));
        Thread.sleep(1);
      }
      assertThat(result.join().stop()).isNull();
    }
    nodes.forEach(EmbeddingPipeline::close);

    assertThat(calls).hasSize(300);
    long window = Duration.ofSeconds(10).toNanos();
    for (long from : calls) {
      assertThat(calls.stream().filter(at -> at >= from && at - from < window).count())
          .as("100, what a second brings, and what each node took before")
          .isLessThanOrEqualTo(113);
    }
  }

  /** Notes when it is called. */
  private final class TimedModel implements EmbeddingModel {
    private final List<Long> calls;

    TimedModel(List<Long> calls) {
      this.calls = calls;
    }

    @Override
    public String modelId() {
      return "timed";
    }

    @Override
    public int dimensions() {
      return 1;
    }

    @Override
    public int maxBatchSize() {
      return 1;
    }

    @Override
    public EmbeddingResponse embed(List<String> texts, InputType inputType) {
      calls.add(clock.nanos());
      return new EmbeddingResponse(List.of(new float[] {1}), 1);
    }
  }
}
