package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpEmbeddingModelTest {

  private static final List<String> TEXTS = List.of("ants", "bees", "cats");

  private StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 8);

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(EmbeddingDialect.class)
  void eachTextGetsItsOwnVectorInEveryDialect(EmbeddingDialect dialect) {
    restart(dialect);

    EmbeddingResponse response = server.model().build().embed(TEXTS, InputType.DOCUMENT);

    for (int i = 0; i < TEXTS.size(); i++) {
      assertThat(response.vectors().get(i))
          .isEqualTo(StubEmbeddingServer.vectorOf(TEXTS.get(i), 8));
    }
    assertThat(response.inputTokens()).isEqualTo(3);
    assertThat(server.log()).singleElement().returns(200, StubCall::status);
  }

  @Test
  void openAiIsAskedForBase64AndNothingMore() {
    server.model().build().embed(TEXTS, InputType.DOCUMENT);

    assertThat(call().fields()).hasSize(2).containsEntry("model", "stub-model");
    assertThat(call().fields()).containsEntry("encoding_format", "base64");
    assertThat(call().path()).isEqualTo("/v1/embeddings");
    assertThat(call().headers()).doesNotContainKeys("authorization", "upgrade");
    assertThat(call().headers()).containsEntry("content-type", "application/json");
  }

  @Test
  void aServerWithoutBase64IsAskedWithoutItFromThenOn() {
    server.withoutBase64();
    HttpEmbeddingModel model = server.model().build();

    assertThat(model.embed(TEXTS, InputType.DOCUMENT).vectors()).hasSize(3);
    assertThat(model.embed(TEXTS, InputType.DOCUMENT).vectors()).hasSize(3);

    assertThat(server.log()).extracting(StubCall::status).containsExactly(400, 200, 200);
  }

  @Test
  void cohereAndVoyageAreToldTheInputType() {
    restart(EmbeddingDialect.COHERE);
    server.model().build().embed(TEXTS, InputType.QUERY);
    assertThat(call().path()).isEqualTo("/v1/embed");
    assertThat(call().fields())
        .containsEntry("input_type", "search_query")
        .containsEntry("truncate", "NONE")
        .containsEntry("embedding_types", List.of("float"));

    restart(EmbeddingDialect.VOYAGE);
    server.model().build().embed(TEXTS, InputType.DOCUMENT);
    assertThat(call().fields())
        .containsEntry("input_type", "document")
        .containsEntry("truncation", false);
  }

  @Test
  void ollamaIsNotAllowedToCutTextsInSilence() {
    restart(EmbeddingDialect.OLLAMA);

    server.model().build().embed(TEXTS, InputType.DOCUMENT);

    assertThat(call().path()).isEqualTo("/api/embed");
    assertThat(call().fields()).containsEntry("truncate", false);
  }

  @Test
  void prefixesAndInputTypesTellQueriesFromDocuments() {
    HttpEmbeddingModel model =
        server.model().prefixes("query: ", "passage: ").inputTypes("q", "d").build();

    model.embed(List.of("ants"), InputType.QUERY);
    model.embed(List.of("ants"), InputType.DOCUMENT);

    assertThat(server.embedded()).containsExactly("query: ants", "passage: ants");
    assertThat(server.log())
        .extracting(c -> c.fields().get("input_type"))
        .containsExactly("q", "d");
    assertThat(model.limits().maxTokensPerInput()).as("less the prefix").isLessThan(8_192);
  }

  @Test
  void shorterVectorsAreAskedFor() {
    HttpEmbeddingModel model = server.model().shortenedTo(4).build();

    EmbeddingResponse response = model.embed(TEXTS, InputType.DOCUMENT);

    assertThat(response.vectors().get(0)).hasSize(4);
    assertThat(call().fields()).containsEntry("dimensions", 4);
    assertThat(model.modelId()).isEqualTo("stub-model@4");
  }

  @Test
  void theModelsIdChangesWithWhateverChangesItsVectors() {
    assertThat(server.model().build().modelId()).isEqualTo("stub-model");
    assertThat(server.model().modelId("mine").build().modelId()).isEqualTo("mine");
    assertThat(server.model().prefixes("a", "b").build().modelId())
        .startsWith("stub-model#")
        .isEqualTo(server.model().prefixes("a", "b").build().modelId())
        .isNotEqualTo(server.model().prefixes("a", "c").build().modelId());
  }

  @Test
  void theKeyIsAskedForWithEachRequest() {
    server.key("key-2");
    AtomicReference<String> key = new AtomicReference<>("key-1");
    HttpEmbeddingModel model = server.model().apiKey(key::get).build();

    assertThat(failure(model).reason()).isEqualTo(Reason.AUTHENTICATION);
    key.set("key-2\n");
    assertThat(model.embed(TEXTS, InputType.DOCUMENT).vectors()).hasSize(3);
  }

  @Test
  void azuresKeyHasItsOwnHeaderAndItsVersionIsKept() {
    restart(EmbeddingDialect.AZURE_OPENAI);
    URI uri = URI.create(server.baseUri() + "/?api-version=2024-02-01");

    server
        .key("azure-key")
        .model()
        .baseUri(uri)
        .apiKey(() -> "azure-key")
        .build()
        .embed(TEXTS, InputType.DOCUMENT);

    assertThat(call().path()).isEqualTo("/v1/embeddings?api-version=2024-02-01");
    assertThat(call().headers()).containsEntry("api-key", "azure-key");
  }

  @Test
  void headersAreSent() {
    server.model().header("OpenAI-Project", "mine").build().embed(TEXTS, InputType.DOCUMENT);

    assertThat(call().headers()).containsEntry("openai-project", "mine");
  }

  @Test
  void brokenTextIsSentWithoutWhatHasNoUtf8Form() {
    server.model().build().embed(List.of("a\uD800b"), InputType.DOCUMENT);

    assertThat(server.embedded()).containsExactly("a\uFFFDb");
  }

  @Test
  void whatTheServerSaysAboutItsLimitsIsTold() {
    server
        .header("x-ratelimit-remaining-tokens", "149984")
        .header("x-ratelimit-reset-tokens", "6m0s");

    EmbeddingResponse response = server.model().build().embed(TEXTS, InputType.DOCUMENT);

    assertThat(response.rateLimits().tokens().remaining()).isEqualTo(149_984L);
    assertThat(response.rateLimits().tokens().reset()).isEqualTo(Duration.ofMinutes(6));
  }

  @Test
  void teiTellsItsLimits() {
    restart(EmbeddingDialect.TEI);
    server.limits(EmbeddingLimits.TEI.withMaxInputs(7).withMaxTokensPerInput(512));

    HttpEmbeddingModel model = server.model().prefixes("q: ", "d: ").build().withServerLimits();

    assertThat(server.log().get(0))
        .returns("GET", StubCall::method)
        .returns("/info", StubCall::path);
    assertThat(model.maxBatchSize()).isEqualTo(7);
    assertThat(model.limits().maxTokensPerInput()).isEqualTo(509);
    assertThat(model.limits().maxBytesPerRequest()).isEqualTo(2_000_000);
    assertThatThrownBy(
            () -> HttpEmbeddingModel.builder("m").dimensions(1).build().withServerLimits())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("OPENAI");
  }

  @Test
  void anInterruptEndsTheRequest() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server.script(
        call -> {
          asked.countDown();
          await(answer);
          return null;
        });
    AtomicReference<EmbeddingException> thrown = new AtomicReference<>();
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              thrown.set(failure(server.model().build()));
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    await(asked);

    caller.interrupt();
    caller.join(20_000);

    assertThat(thrown.get().reason()).isEqualTo(Reason.INTERRUPTED);
    assertThat(interrupted.get()).isTrue();
    answer.countDown();
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsATimeout() {
    CountDownLatch answer = new CountDownLatch(1);
    server.script(
        call -> {
          await(answer);
          return null;
        });

    EmbeddingException e = failure(server.model().timeout(Duration.ofMillis(50)).build());

    assertThat(e.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(e).hasMessageContaining("PT0.05S");
    answer.countDown();
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() {
    HttpEmbeddingModel model = server.model().build();
    server.close();

    assertThat(failure(model).reason()).isEqualTo(Reason.UNREACHABLE);
  }

  @Test
  void aRequestWithTooManyTextsIsNotSent() {
    HttpEmbeddingModel model = server.model().limits(EmbeddingLimits.ofInputs(2)).build();

    assertThatThrownBy(() -> model.embed(TEXTS, InputType.DOCUMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 2 texts, not 3");
    assertThatThrownBy(() -> model.embed(List.of(), InputType.DOCUMENT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.log()).isEmpty();
  }

  @Test
  void whatIsMissingOrWrongIsSaidWhenItIsBuilt() {
    assertThatThrownBy(() -> HttpEmbeddingModel.builder("m").build())
        .hasMessageContaining("dimensions(…)");
    assertThatThrownBy(
            () ->
                HttpEmbeddingModel.builder("m")
                    .dimensions(3)
                    .dialect(EmbeddingDialect.VLLM)
                    .build())
        .hasMessageContaining("baseUri(…)");
    assertThatThrownBy(() -> HttpEmbeddingModel.builder(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> HttpEmbeddingModel.builder("m").dimensions(0))
        .hasMessageContaining("0");
    assertThatThrownBy(() -> HttpEmbeddingModel.builder("m").baseUri(URI.create("ftp://x")))
        .hasMessageContaining("http");
    assertThatThrownBy(() -> HttpEmbeddingModel.builder("m").timeout(Duration.ZERO))
        .hasMessageContaining("timeout");
  }

  private void restart(EmbeddingDialect dialect) {
    server.close();
    server = StubEmbeddingServer.start(dialect, 8);
  }

  private StubCall call() {
    return server.log().get(server.log().size() - 1);
  }

  private static EmbeddingException failure(HttpEmbeddingModel model) {
    return catchThrowableOfType(
        EmbeddingException.class, () -> model.embed(TEXTS, InputType.DOCUMENT));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
