package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.neuralbridge.embedding.EmbeddingException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class BatchEmbeddingClientTest {

  private static final List<BatchText> TEXTS =
      List.of(
          new BatchText("a", "ants"),
          new BatchText("b/ü\"", "bees \n und Bären"),
          new BatchText("c", "cats"));

  private final StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 8);
  private final StubBatchApi api = server.batches();
  private final BatchEmbeddingClient client = BatchEmbeddingClient.of(server.model().build());

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void eachTextGetsItsVectorWhateverTheOrderOfTheLines() {
    EmbeddingBatch batch = submit("k");
    assertThat(batch.state()).isEqualTo(BatchState.VALIDATING);
    assertThat(batch.total()).isEqualTo(3);

    api.complete(batch.id());
    EmbeddingBatch done = client.poll(batch);

    assertThat(done.state()).isEqualTo(BatchState.COMPLETED);
    assertThat(done.completed()).isEqualTo(3);
    List<BatchResult> results = results(done);
    assertThat(results).extracting(BatchResult::id).containsExactly("c", "b/ü\"", "a");
    Map<String, BatchResult> byId = byId(results);
    for (BatchText text : TEXTS) {
      assertThat(byId.get(text.id()).vector())
          .isEqualTo(StubEmbeddingServer.vectorOf(text.text(), 8));
    }
    assertThat(byId.get("a").inputTokens()).isEqualTo(1);
  }

  @Test
  void aLineIsTheRequestThatTheModelItselfWouldSend() {
    EmbeddingModel asymmetric =
        server.model().prefixes("query: ", "passage: ").shortenedTo(4).build();
    EmbeddingBatch batch =
        BatchEmbeddingClient.of((HttpEmbeddingModel) asymmetric)
            .submit("k", List.of(new BatchText("a", "ants")), InputType.DOCUMENT);

    JsonNode line = ProviderJson.MAPPER.readTree(api.lines(batch.id()).get(0));

    assertThat(line.path("url").asString()).isEqualTo("/v1/embeddings");
    assertThat(line.path("method").asString()).isEqualTo("POST");
    assertThat(line.path("body").path("input").path(0).asString()).isEqualTo("passage: ants");
    assertThat(line.path("body").path("dimensions").asInt()).isEqualTo(4);
    assertThat(line.path("body").path("encoding_format").asString()).isEqualTo("base64");
  }

  @Test
  void aProcessThatDiesBeforeItHearsOfItsBatchFindsItAgain() {
    api.loseNextAnswer();
    assertThatThrownBy(() -> submit("k")).isInstanceOf(EmbeddingException.class);
    assertThat(api.made()).hasSize(1);

    EmbeddingBatch found = submit("k");

    assertThat(found.id()).isEqualTo("batch_1");
    assertThat(found.key()).isEqualTo("k");
    assertThat(api.made()).as("nothing is paid twice").hasSize(1);
  }

  @Test
  void aKeyIsFoundOnLaterPagesAndOtherKeysAreNot() {
    api.pageSize(2);
    EmbeddingBatch first = submit("k0");
    IntStream.range(1, 6).forEach(i -> submit("k" + i));

    assertThat(client.find("k0")).map(EmbeddingBatch::id).contains(first.id());
    assertThat(submit("k0").id()).isEqualTo(first.id());
    assertThat(client.find("k")).isEmpty();
    assertThat(api.made()).hasSize(6);
  }

  @Test
  void oneFailedTextFailsAlone() {
    api.failing("c", 400, "This model's maximum context length is 8192", "context_length_exceeded");
    EmbeddingBatch batch = submit("k");
    api.complete(batch.id());

    EmbeddingBatch done = client.poll(batch);
    Map<String, BatchResult> byId = byId(results(done));

    assertThat(done.failed()).isEqualTo(1);
    assertThat(byId).hasSize(3);
    assertThat(byId.get("a").vector()).hasSize(8);
    assertThat(byId.get("c").vector()).isNull();
    assertThat(byId.get("c").failure().reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(byId.get("c").failure()).hasMessageContaining("'c'");
  }

  @Test
  void whatABatchHadNoTimeForMayBeTriedAgain() {
    EmbeddingBatch batch = submit("k");
    api.expire(batch.id(), 1);

    EmbeddingBatch done = client.poll(batch);
    Map<String, BatchResult> byId = byId(results(done));

    assertThat(done.state()).isEqualTo(BatchState.EXPIRED);
    assertThat(byId.get("a").vector()).isNotNull();
    assertThat(byId.get("c").failure().reason()).isEqualTo(Reason.TIMEOUT);
  }

  @Test
  void aRefusedBatchSaysWhyAndWhetherLaterHelps() {
    EmbeddingBatch batch = submit("k");
    api.refuse(batch.id(), "token_limit_exceeded", "Enqueued token limit reached");
    EmbeddingBatch refused = client.poll(batch);

    assertThat(refused.state().isFinal()).isTrue();
    assertThat(refused.failure().reason()).isEqualTo(Reason.RATE_LIMITED);
    assertThat(refused.failure()).hasMessageContaining("Enqueued token limit");
    assertThat(results(refused)).isEmpty();

    api.refuse(batch.id(), "invalid_json_line", "line 1");
    assertThat(client.poll(batch).failure().reason()).isEqualTo(Reason.REJECTED);
    assertThat(submit("k2").failure()).isNull();
  }

  @Test
  void aBatchCanBeCancelled() {
    EmbeddingBatch batch = client.cancel(submit("k"));
    assertThat(batch.state()).isEqualTo(BatchState.CANCELLING);
    assertThat(batch.state().isFinal()).isFalse();

    api.status(batch.id(), "cancelled");
    assertThat(client.poll(batch).state()).isEqualTo(BatchState.CANCELLED);
    api.status(batch.id(), "dreaming");
    assertThat(client.poll(batch).state()).isEqualTo(BatchState.UNKNOWN);
  }

  @Test
  void resultsAreReadOnceTheBatchIsFinalOnly() {
    EmbeddingBatch batch = submit("k");

    assertThatThrownBy(() -> results(batch))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("VALIDATING");
  }

  @Test
  void aBatchSurvivesTheWayThroughJson() {
    EmbeddingBatch batch = submit("k");

    String kept = ProviderJson.MAPPER.writeValueAsString(batch);

    assertThat(ProviderJson.MAPPER.readValue(kept, EmbeddingBatch.class)).isEqualTo(batch);
  }

  @Test
  void discardedFilesAreGoneAndDiscardingTwiceIsFine() {
    EmbeddingBatch batch = submit("k");
    api.complete(batch.id());
    EmbeddingBatch done = client.poll(batch);
    assertThat(api.files()).hasSize(2);

    client.discard(done);
    client.discard(done);

    assertThat(api.files()).isEmpty();
    EmbeddingException gone = catchThrowableOfType(EmbeddingException.class, () -> results(done));
    assertThat(gone.reason()).isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void aVectorOfAnotherLengthFailsItsTextAndGarbageFailsTheReading() {
    EmbeddingBatch batch = submit("k");
    api.complete(batch.id());
    EmbeddingBatch done = client.poll(batch);
    api.corruptOutput(
        batch.id(),
        "\n{\"custom_id\":\"a\",\"response\":{\"status_code\":200,\"body\":{\"data\":[{\"index\":0,\"embedding\":[1,2]}]}}}");
    assertThat(results(done))
        .singleElement()
        .satisfies(
            result -> assertThat(result.failure().reason()).isEqualTo(Reason.WRONG_DIMENSIONS));

    api.corruptOutput(batch.id(), "<html>");
    EmbeddingException garbage =
        catchThrowableOfType(EmbeddingException.class, () -> results(done));
    assertThat(garbage.reason()).isEqualTo(Reason.BAD_RESPONSE);

    api.corruptOutput(batch.id(), "x".repeat(3_000_000));
    assertThat(catchThrowableOfType(EmbeddingException.class, () -> results(done)))
        .hasMessageContaining("longer");
  }

  @Test
  void batchesThatCannotBeAreRefusedBeforeAnythingIsSent() {
    assertThatThrownBy(() -> client.submit("k", List.of(), InputType.DOCUMENT))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> client.submit("k", List.of(TEXTS.get(0), TEXTS.get(0)), InputType.DOCUMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a'");
    Iterable<BatchText> tooMany = () -> many(BatchEmbeddingClient.MOST_TEXTS + 1);
    assertThatThrownBy(() -> client.submit("k", tooMany, InputType.DOCUMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("50,000");
    assertThatThrownBy(() -> client.find(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThat(api.made()).isEmpty();
    assertThat(api.files()).isEmpty();
  }

  @Test
  void asManyTextsFitAsTheProviderTakes() {
    assertThat(client.fitting(TEXTS, InputType.DOCUMENT)).isEqualTo(3);
    assertThat(client.fitting(List.of(), InputType.DOCUMENT)).isZero();
    BatchText large = new BatchText("large", "x".repeat(3_000));
    assertThat(client.fitting(Collections.nCopies(100, large), InputType.DOCUMENT, 200_000))
        .isEqualTo(63);
    assertThat(client.fitting(List.of(large), InputType.DOCUMENT, 10)).isEqualTo(1);
    assertThat(client.fitting(Collections.nCopies(60_000, TEXTS.get(0)), InputType.DOCUMENT))
        .isEqualTo(BatchEmbeddingClient.MOST_TEXTS);
  }

  @Test
  void providersWithoutABatchApiAreRefused() {
    HttpEmbeddingModel cohere =
        HttpEmbeddingModel.builder("m").dialect(EmbeddingDialect.COHERE).dimensions(8).build();

    assertThatThrownBy(() -> BatchEmbeddingClient.of(cohere))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("COHERE");
  }

  private EmbeddingBatch submit(String key) {
    return client.submit(key, TEXTS, InputType.DOCUMENT);
  }

  private List<BatchResult> results(EmbeddingBatch batch) {
    List<BatchResult> results = new ArrayList<>();
    client.results(batch, results::add);
    return results;
  }

  private static Map<String, BatchResult> byId(List<BatchResult> results) {
    Map<String, BatchResult> byId = new TreeMap<>();
    results.forEach(result -> byId.put(result.id(), result));
    return byId;
  }

  private static Iterator<BatchText> many(int count) {
    return IntStream.range(0, count).mapToObj(i -> new BatchText("t" + i, "x")).iterator();
  }
}
