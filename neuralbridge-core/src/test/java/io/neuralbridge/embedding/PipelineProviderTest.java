package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Untried;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipeline and a provider that limits, fails or refuses; waits in simulated time. */
@Timeout(60)
class PipelineProviderTest {

  private final ManualTime time = new ManualTime();
  private final StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 8);
  private final StubEmbeddingServer second = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 8);
  private final List<ProviderEvent> events = new CopyOnWriteArrayList<>();
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(server, second));

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private static EmbeddingModel model(StubEmbeddingServer of) {
    return of.model().limits(EmbeddingLimits.OPENAI.withMaxInputs(64)).modelId("m").build();
  }

  private EmbeddingPipelineBuilder builder() {
    return EmbeddingPipeline.builder(model(server))
        .maxWait(Duration.ZERO)
        .time(time)
        .rateBuckets(RateBuckets.inMemory(time))
        .listener(events::add);
  }

  private EmbeddingPipeline open(EmbeddingPipelineBuilder builder) {
    EmbeddingPipeline pipeline = builder.build();
    opened.add(pipeline);
    return pipeline;
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text number " + i).toList();
  }

  private static EmbeddedTexts embed(EmbeddingPipeline pipeline, int count) {
    return pipeline.embed(texts(count), InputType.DOCUMENT);
  }

  private EmbeddedTexts joinMovingOn(CompletableFuture<EmbeddedTexts> future)
      throws InterruptedException {
    while (!future.isDone()) {
      time.advance(Duration.ofMillis(20));
      Thread.sleep(1);
    }
    return future.join();
  }

  @Test
  void aShortRateLimitIsWaitedForHere() throws Exception {
    server.next(StubReply.rateLimited("0.5"));
    EmbeddingPipeline pipeline = open(builder());
    CompletableFuture<EmbeddedTexts> future = pipeline.submit(texts(3), InputType.DOCUMENT);
    long before = time.nanos();

    EmbeddedTexts result = joinMovingOn(future);

    assertThat(result.stop()).isNull();
    assertThat(server.log()).hasSize(2);
    assertThat(Duration.ofNanos(time.nanos() - before))
        .isGreaterThanOrEqualTo(Duration.ofMillis(500));
    assertThat(events).singleElement().isInstanceOf(ProviderEvent.Throttled.class);
  }

  @Test
  void aLongRateLimitStopsWhatWaitsAndWhatComes() {
    server.next(StubReply.rateLimited("20"));
    EmbeddingPipeline pipeline = open(builder());

    EmbeddedTexts first = embed(pipeline, 3);
    assertThat(first.stop().reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(first.stop().retryAfter()).isEqualTo(Duration.ofSeconds(20));
    assertThat(first.texts()).hasOnlyElementsOfType(Untried.class);

    time.advance(Duration.ofSeconds(5));
    assertThat(embed(pipeline, 5).stop().retryAfter()).isEqualTo(Duration.ofSeconds(15));
    assertThat(server.log()).as("nobody asked before its time").hasSize(1);

    time.advance(Duration.ofSeconds(15));
    assertThat(embed(pipeline, 5).stop()).isNull();
  }

  @Test
  void cachedTextsAreAnsweredWhileTheProviderTakesNothing() {
    EmbeddingPipeline pipeline = open(builder());
    embed(pipeline, 3);
    server.next(StubReply.rateLimited("20"));

    EmbeddedTexts result = embed(pipeline, 5);

    assertThat(result.texts().subList(0, 3)).hasOnlyElementsOfType(Embedded.class);
    assertThat(result.texts().subList(3, 5)).hasOnlyElementsOfType(Untried.class);
  }

  @Test
  void aRetryAfterHoldsForAllNodes() {
    RateBuckets shared = RateBuckets.inMemory(time);
    EmbeddingPipeline one = open(builder().rateBuckets(shared));
    EmbeddingPipeline other = open(builder().rateBuckets(shared));
    server.next(StubReply.rateLimited("20"));
    embed(one, 1);

    EmbeddedTexts result = embed(other, 1);

    assertThat(result.stop().reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(result.stop().retryAfter()).isEqualTo(Duration.ofSeconds(20));
    assertThat(server.log()).hasSize(1);
  }

  @Test
  void aRefusedKeyIsToldOnceAndCostsOneCallAMinute() {
    server.key("right");
    EmbeddingPipeline pipeline = open(builder());
    for (int i = 0; i < 1_000; i++) {
      EmbeddedTexts result = pipeline.embed(List.of("text " + i), InputType.DOCUMENT);
      assertThat(result.stop()).isInstanceOf(ProviderPausedException.class);
      assertThat(result.stop().reason()).isEqualTo(Reason.AUTHENTICATION);
    }
    assertThat(server.log()).hasSize(1);

    time.advance(Duration.ofMinutes(1));
    assertThat(embed(pipeline, 1).stop().retryAfter()).isEqualTo(Duration.ofMinutes(1));
    embed(pipeline, 1);
    assertThat(server.log()).as("one probe").hasSize(2);
    assertThat(events).singleElement().isInstanceOf(ProviderEvent.Paused.class);
  }

  @Test
  void resumeProbesAtOnce() {
    server.next(StubReply.quotaExhausted());
    EmbeddingPipeline pipeline = open(builder());
    assertThat(embed(pipeline, 1).stop().reason()).isEqualTo(Reason.QUOTA_EXHAUSTED);

    pipeline.resume();

    assertThat(embed(pipeline, 1).stop()).isNull();
    assertThat(events).hasSize(2).last().isEqualTo(new ProviderEvent.Resumed("m", false));
  }

  @Test
  void aProbeThatSucceedsResumesByItself() {
    server.next(StubReply.quotaExhausted());
    EmbeddingPipeline pipeline = open(builder());
    embed(pipeline, 1);
    time.advance(Duration.ofMinutes(1));

    assertThat(embed(pipeline, 200).stop()).isNull();
    assertThat(events).hasSize(2).last().isInstanceOf(ProviderEvent.Resumed.class);
  }

  @Test
  void aServerErrorIsTriedAgainAFewTimes() throws Exception {
    server.next(StubReply.serverError(), StubReply.serverError());
    EmbeddingPipeline pipeline = open(builder());

    assertThat(joinMovingOn(pipeline.submit(texts(3), InputType.DOCUMENT)).stop()).isNull();
    assertThat(server.log()).hasSize(3);
  }

  @Test
  void aServerErrorThatStaysStopsTheTextsOfItsRequestAlone() throws Exception {
    server.script(call -> call.texts().contains("poisonous") ? StubReply.serverError() : null);
    EmbeddingPipeline pipeline =
        open(builder().breaker(new BreakerSettings(100, 2, 10, Duration.ofSeconds(1))));

    EmbeddedTexts bad = joinMovingOn(pipeline.submit(List.of("poisonous"), InputType.DOCUMENT));

    assertThat(bad.stop().reason()).isEqualTo(Reason.SERVER_ERROR);
    assertThat(server.log()).hasSize(3);
    assertThat(embed(pipeline, 3).stop()).isNull();
  }

  @Test
  void aProviderThatKeepsFailingIsLeftAlone() throws Exception {
    server.script(call -> StubReply.serverError());
    EmbeddingPipeline pipeline = open(builder().retries(100));

    EmbeddedTexts result = joinMovingOn(pipeline.submit(texts(1), InputType.DOCUMENT));

    assertThat(result.stop()).isInstanceOf(ProviderPausedException.class);
    assertThat(server.log()).hasSize(5);
    assertThat(embed(pipeline, 10).stop()).isInstanceOf(ProviderPausedException.class);
    assertThat(server.log()).hasSize(5);
    server.script(call -> null);
    time.advance(Duration.ofSeconds(30));
    assertThat(embed(pipeline, 10).stop()).isNull();
  }

  @Test
  void theFallbackTakesOverAndGivesBack() {
    server.next(StubReply.quotaExhausted());
    EmbeddingPipeline pipeline = open(builder().fallback(model(second)));

    assertThat(embed(pipeline, 10).stop()).isNull();
    assertThat(second.embedded()).hasSize(10);
    assertThat(events)
        .hasSize(2)
        .last()
        .isInstanceOfSatisfying(
            ProviderEvent.FellBack.class,
            event -> assertThat(event.reason()).isEqualTo(Reason.QUOTA_EXHAUSTED));

    time.advance(Duration.ofMinutes(1));
    assertThat(embed(pipeline, 20).stop()).isNull();
    assertThat(second.log()).hasSize(1);
  }

  @Test
  void aStormOf503sLowersTheConcurrencyAndItRecovers() throws Exception {
    EmbeddingPipeline pipeline = open(builder().cacheBytes(0));
    joinMovingOn(pipeline.submit(texts(64 * 100), InputType.DOCUMENT));
    int before = pipeline.stats().concurrency();
    assertThat(before).isGreaterThan(4);

    server.script(call -> StubReply.overloaded());
    EmbeddedTexts stopped = joinMovingOn(pipeline.submit(texts(64 * 100), InputType.DOCUMENT));
    assertThat(stopped.stop().reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(stopped.stop().retryAfter()).isPositive();
    int during = pipeline.stats().concurrency();
    assertThat(during).isLessThan(before);

    server.script(call -> null);
    time.advance(Duration.ofMinutes(1));
    joinMovingOn(pipeline.submit(texts(64 * 200), InputType.DOCUMENT));
    assertThat(pipeline.stats().concurrency()).isGreaterThan(during);
  }

  @Test
  void oneRefusalInTwentyAndOneFailureInAHundredLoseNothing() throws Exception {
    server.script(
        call ->
            call.number() % 100 == 7
                ? StubReply.serverError()
                : call.number() % 20 == 3 ? StubReply.rateLimited("0.1") : null);
    EmbeddingPipeline pipeline = open(builder());
    int count = 64 * 300;

    EmbeddedTexts result = joinMovingOn(pipeline.submit(texts(count), InputType.DOCUMENT));

    assertThat(result.stop()).isNull();
    assertThat(server.embedded()).hasSize(count).doesNotHaveDuplicates();
  }

  @Test
  void limitsAreLearntFromTheHeaders() throws Exception {
    server
        .header("x-ratelimit-limit-requests", "60")
        .header("x-ratelimit-remaining-requests", "59")
        .header("x-ratelimit-reset-requests", "1s");
    EmbeddingPipeline pipeline = open(builder());
    embed(pipeline, 1);
    long before = time.nanos();
    assertThat(joinMovingOn(pipeline.submit(texts(64 * 10), InputType.DOCUMENT)).stop()).isNull();

    assertThat(Duration.ofNanos(time.nanos() - before)).isGreaterThan(Duration.ofSeconds(7));
  }
}
