package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Failed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipeline in front of a provider over HTTP: caches, packing, and one bad text. */
@Timeout(60)
class EmbeddingPipelineTest {

  private static final int DIMENSIONS = 8;

  private final StubEmbeddingServer server =
      StubEmbeddingServer.start(EmbeddingDialect.OPENAI, DIMENSIONS);
  private final EmbeddingCache cache = EmbeddingCache.inMemory(InstantSource.system());
  private final List<AutoCloseable> opened = new ArrayList<>(List.of(server));

  @AfterEach
  void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  private EmbeddingPipelineBuilder builder() {
    return EmbeddingPipeline.builder(
        server.model().limits(EmbeddingLimits.OPENAI.withMaxInputs(64)).build());
  }

  private EmbeddingPipeline pipeline() {
    return open(builder());
  }

  private EmbeddingPipeline open(EmbeddingPipelineBuilder builder) {
    EmbeddingPipeline pipeline = builder.build();
    opened.add(pipeline);
    return pipeline;
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text number " + i).toList();
  }

  private static void assertEmbedded(EmbeddedTexts result, List<String> texts) {
    assertThat(result.stop()).isNull();
    assertThat(result.texts()).hasSameSizeAs(texts);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(result.texts().get(i)).isInstanceOf(Embedded.class);
      assertThat(((Embedded) result.texts().get(i)).vector())
          .containsExactly(StubEmbeddingServer.vectorOf(texts.get(i), DIMENSIONS));
    }
  }

  @Test
  void eachTextGetsItsOwnVector() {
    EmbeddedTexts result = pipeline().embed(texts(1_000), InputType.DOCUMENT);

    assertEmbedded(result, texts(1_000));
    assertThat(server.log()).hasSize(16);
    assertThat(result.calls()).isEqualTo(16);
    assertThat(result.inputTokens()).isBetween(3_900L, 4_100L);
  }

  @Test
  void noTextsNeedNoCall() {
    assertThat(pipeline().embed(List.of(), InputType.DOCUMENT).texts()).isEmpty();
    assertThat(server.log()).isEmpty();
  }

  @Test
  void textsOfManyCallersFillRequestsTogether() {
    EmbeddingPipeline pipeline = open(builder().maxWait(Duration.ofSeconds(30)));
    List<CompletableFuture<EmbeddedTexts>> single =
        texts(640).stream()
            .map(text -> pipeline.submit(List.of(text), InputType.DOCUMENT))
            .toList();

    for (int i = 0; i < single.size(); i++) {
      assertEmbedded(single.get(i).join(), List.of("text number " + i));
    }
    assertThat(server.log()).hasSize(10).allSatisfy(call -> assertThat(call.texts()).hasSize(64));
  }

  @Test
  void documentsAndQueriesAreNeverInOneRequest() {
    EmbeddingPipeline pipeline = open(builder().maxWait(Duration.ofMillis(50)));
    CompletableFuture<EmbeddedTexts> document = pipeline.submit(texts(3), InputType.DOCUMENT);
    CompletableFuture<EmbeddedTexts> query = pipeline.submit(texts(3), InputType.QUERY);

    assertEmbedded(document.join(), texts(3));
    assertEmbedded(query.join(), texts(3));
    assertThat(server.log()).hasSize(2);
  }

  @Test
  void aTextThatStandsManyTimesIsEmbeddedOnce() {
    List<String> same = List.of("same", "other", "same", "same");
    EmbeddedTexts result = pipeline().embed(same, InputType.DOCUMENT);

    assertEmbedded(result, same);
    assertThat(server.embedded()).containsExactlyInAnyOrder("same", "other");
    assertThat(((Embedded) result.texts().get(0)).vector())
        .as("each has a vector of its own")
        .isNotSameAs(((Embedded) result.texts().get(2)).vector());
  }

  @Test
  void callersOfTheSameTextShareOneCall() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server.script(
        call -> {
          arrived.countDown();
          await(answer);
          return null;
        });
    EmbeddingPipeline pipeline = open(builder().cacheBytes(0));
    CompletableFuture<EmbeddedTexts> first = pipeline.submit(texts(5), InputType.DOCUMENT);
    await(arrived);
    CompletableFuture<EmbeddedTexts> second = pipeline.submit(texts(5), InputType.DOCUMENT);
    while (pipeline.stats().shared() < 5) {
      Thread.onSpinWait();
    }
    answer.countDown();

    assertEmbedded(first.join(), texts(5));
    assertEmbedded(second.join(), texts(5));
    assertThat(second.join().inputTokens()).as("paid by the first").isZero();
    assertThat(server.embedded()).hasSize(5);
  }

  @Test
  void theFirstTierAnswersDocumentsAndQueriesApart() {
    EmbeddingPipeline pipeline = pipeline();
    pipeline.embed(texts(10), InputType.DOCUMENT);
    assertEmbedded(pipeline.embed(texts(10), InputType.DOCUMENT), texts(10));
    assertThat(server.log()).hasSize(1);

    pipeline.embed(texts(10), InputType.QUERY);
    assertEmbedded(pipeline.embed(texts(10), InputType.QUERY), texts(10));
    assertThat(server.log()).hasSize(2);
    assertThat(pipeline.stats().firstTierHits()).isEqualTo(20);
  }

  @Test
  void theSecondTierAnswersAnotherProcess() {
    open(builder().cache(cache)).embed(texts(100), InputType.DOCUMENT);
    EmbeddingPipeline other = open(builder().cache(cache));

    assertEmbedded(other.embed(texts(120), InputType.DOCUMENT), texts(120));
    assertThat(server.embedded()).hasSize(120).doesNotHaveDuplicates();
    assertThat(other.stats().secondTierHits()).isEqualTo(100);
  }

  @Test
  void queriesStayOutOfTheSecondTierUnlessWanted() {
    open(builder().cache(cache)).embed(texts(2), InputType.QUERY);
    assertThat(cache.count("stub-model")).isZero();

    open(builder().cache(cache).cacheForQueries()).embed(texts(2), InputType.QUERY);
    assertThat(cache.count(builder().build().model().modelId())).isEqualTo(2);
  }

  @Test
  void anotherPreprocessingHasVectorsOfItsOwn() {
    open(builder().cache(cache)).embed(texts(2), InputType.DOCUMENT);
    open(builder().cache(cache).preprocessing("v2")).embed(texts(2), InputType.DOCUMENT);

    assertThat(server.embedded()).hasSize(4);
  }

  @Test
  void oneBadTextAmongManyFailsAlone() {
    String bad = "word ".repeat(9_000);
    List<String> texts = new ArrayList<>(texts(63));
    texts.add(31, bad);
    server.limits(EmbeddingLimits.OPENAI);
    EmbeddingPipeline pipeline =
        open(EmbeddingPipeline.builder(server.model().limits(wide()).build()));

    EmbeddedTexts result = pipeline.embed(texts, InputType.DOCUMENT);

    assertThat(result.stop()).isNull();
    assertThat(result.texts().get(31)).isInstanceOf(Failed.class);
    texts.remove(31);
    List<EmbeddedText> rest = new ArrayList<>(result.texts());
    rest.remove(31);
    assertEmbedded(new EmbeddedTexts(rest, null, 0, 0), texts);
    assertThat(server.embedded()).hasSize(63).doesNotHaveDuplicates();
  }

  private static EmbeddingLimits wide() {
    return EmbeddingLimits.ofInputs(64);
  }

  @Test
  void blankAndOversizedTextsFailWithoutACall() {
    EmbeddedTexts result =
        pipeline().embed(List.of(" ", "word ".repeat(9_000)), InputType.DOCUMENT);

    assertThat(result.texts()).allSatisfy(text -> assertThat(text).isInstanceOf(Failed.class));
    assertThat(server.log()).isEmpty();
  }

  @Test
  void aSmallCallerDoesNotWaitBehindALargeOne() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server.script(
        call -> {
          if (call.number() == 1) {
            arrived.countDown();
            await(answer);
          }
          return null;
        });
    EmbeddingPipeline pipeline = open(builder().maxConcurrency(1));
    CompletableFuture<EmbeddedTexts> large = pipeline.submit(texts(640), InputType.DOCUMENT);
    await(arrived);
    CompletableFuture<EmbeddedTexts> small = pipeline.submit(List.of("small"), InputType.DOCUMENT);
    while (pipeline.stats().waiting() < 577) {
      Thread.onSpinWait();
    }
    answer.countDown();
    large.join();
    small.join();

    assertThat(server.log().get(1).texts()).contains("small");
  }

  @Test
  void aQueryDoesNotWaitBehindDocuments() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    server.script(
        call -> {
          if (call.number() == 1) {
            arrived.countDown();
            await(answer);
          }
          return null;
        });
    EmbeddingPipeline pipeline = open(builder().maxConcurrency(1));
    CompletableFuture<EmbeddedTexts> documents = pipeline.submit(texts(640), InputType.DOCUMENT);
    await(arrived);

    assertThat(pipeline.embed(List.of("question"), InputType.QUERY).stop()).isNull();
    answer.countDown();
    assertThat(documents.join().stop()).isNull();
  }

  @Test
  void anInterruptEndsTheWaitingAndKeepsWhatIsThere() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server.script(
        call -> {
          arrived.countDown();
          await(answer);
          return null;
        });
    EmbeddingPipeline pipeline = pipeline();
    Set<EmbeddedTexts> results = new HashSet<>();
    Thread caller = new Thread(() -> results.add(pipeline.embed(texts(5), InputType.DOCUMENT)));
    caller.start();
    await(arrived);
    caller.interrupt();
    caller.join();
    answer.countDown();

    EmbeddedTexts result = results.iterator().next();
    assertThat(result.stop().reason()).isEqualTo(EmbeddingException.Reason.INTERRUPTED);
    assertThat(result.texts()).hasSize(5).hasOnlyElementsOfType(EmbeddedText.Untried.class);
    server.script(call -> null);
    assertEmbedded(pipeline.embed(texts(5), InputType.DOCUMENT), texts(5));
  }

  @Test
  void aClosedPipelineTriesNothing() {
    EmbeddingPipeline pipeline = pipeline();
    pipeline.close();
    pipeline.close();
    EmbeddedTexts result = pipeline.embed(texts(2), InputType.DOCUMENT);

    assertThat(result.stop()).isNotNull();
    assertThat(result.texts()).hasOnlyElementsOfType(EmbeddedText.Untried.class);
    assertThat(pipeline.submit(texts(2), InputType.DOCUMENT).join().stop()).isNotNull();
    assertThat(server.log()).isEmpty();
  }

  @Test
  void aFallbackOfAnotherModelIsRefused() {
    EmbeddingModel other = server.model().dimensions(16).build();

    assertThatThrownBy(() -> builder().fallback(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 dimensions");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
