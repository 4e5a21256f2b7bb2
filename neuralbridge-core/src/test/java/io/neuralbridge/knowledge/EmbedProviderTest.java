package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddingDialect;
import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.embedding.HttpEmbeddingModelBuilder;
import io.neuralbridge.embedding.StubEmbeddingServer;
import io.neuralbridge.embedding.StubReply;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobState;
import io.neuralbridge.text.ChunkSize;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs whose model is a provider that limits and errs. The provider's log is the judge. */
class EmbedProviderTest {

  private static final int CHUNKS = 12;

  private final Lab lab = new Lab();
  private Duration maxWait = Duration.ZERO;
  private final StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 4);
  private EmbedJob embedJob = embedJob(model());
  private NeuralBridge bridge = lab.bridge(embedJob);

  @AfterEach
  void close() {
    bridge.close();
    server.close();
    lab.close();
  }

  @Test
  void aDocumentIsEmbeddedByFullRequests() throws Exception {
    ingest(130);
    use(model().limits(EmbeddingLimits.ofInputs(64)));

    assertThat(run().state()).isEqualTo(JobState.COMPLETED);

    assertThat(server.log()).extracting(call -> call.texts().size()).containsExactly(64, 64, 2);
  }

  @Test
  void manySingleChunksReachTheProviderAsFullRequests() throws Exception {
    ingest(128);
    maxWait = Lab.PATIENCE;
    use(model().limits(EmbeddingLimits.ofInputs(64)));
    List<Job> jobs =
        lab.pending("manual.txt", 128).stream()
            .map(chunk -> embedJob.enqueueChunkEmbedding(chunk.id()))
            .toList();
    bridge.start();
    for (Job job : jobs) {
      assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.COMPLETED);
    }

    assertThat(server.log()).extracting(call -> call.texts().size()).containsExactly(64, 64);
  }

  @Test
  void manySmallDocumentsReachTheProviderAsFullRequests() throws Exception {
    maxWait = Lab.PATIENCE;
    use(model().limits(EmbeddingLimits.ofInputs(64)));
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      lab.knowledge.ingest(Lab.paragraphs("number " + i), "small-%03d.txt".formatted(i));
      jobs.add(embedJob.enqueueDocumentBatch("small-%03d.txt".formatted(i)));
    }
    bridge.start();
    for (Job job : jobs) {
      assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.COMPLETED);
    }

    assertThat(server.log()).extracting(call -> call.texts().size()).containsExactly(64, 64);
  }

  @Test
  void aRateLimitPutsTheJobOffAndCostsNoAttempt() throws Exception {
    ingest(CHUNKS);
    use(model().limits(EmbeddingLimits.ofInputs(5)));
    server.script(call -> call.number() == 2 ? StubReply.rateLimited("40") : null);

    Instant before = Instant.now();
    JobEvent.Settled end = run();

    Job job = bridge.find(end.job().id()).orElseThrow();
    assertThat(job.attempt()).isZero();
    assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
    assertPutOff(job, before, 40);
    assertThat(code(end)).isEqualTo("api_rate_limit");
    assertThat(stats()).as("what was paid for is kept").isEqualTo(stats(5, 0));
    assertThat(server.log()).hasSize(2);

    bridge.retry(job.id());
    assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.COMPLETED);
    assertThat(server.embedded()).hasSize(CHUNKS).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({"QUOTA, 300", "OVERLOADED, 30"})
  void whatIsNoJobsFaultCostsNoAttempt(String what, long seconds) throws Exception {
    ingest(CHUNKS);
    server.next(what.equals("QUOTA") ? StubReply.quotaExhausted() : StubReply.overloaded());

    Instant before = Instant.now();
    JobEvent.Settled end = run();

    Job job = bridge.find(end.job().id()).orElseThrow();
    assertThat(job.attempt()).isZero();
    assertPutOff(job, before, seconds);
    assertThat(stats()).isEqualTo(stats(0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "401, embedding_authentication",
    "404, embedding_not_found",
    "500, embedding_server_error",
    "504, embedding_timeout"
  })
  void otherFailuresOfTheProviderFailTheAttemptAndNoChunk(int status, String code)
      throws Exception {
    ingest(CHUNKS);
    server.next(StubReply.of(status, "no"));

    JobEvent.Settled end = run();

    assertThat(end.state()).isEqualTo(JobState.RETRYABLE);
    assertThat(code(end)).isEqualTo(code);
    assertThat(stats()).isEqualTo(stats(0, 0));
    assertThat(server.log()).hasSize(1);
  }

  @Test
  void aTextThatIsTooLongFailsItsChunkAloneAndIsNotTriedAgain() throws Exception {
    ingest(CHUNKS);
    server.script(
        call ->
            call.texts().stream().anyMatch(text -> text.contains("number 7."))
                ? StubReply.of(413, "Payload too large")
                : null);

    JobEvent.Settled end = run();

    assertThat(end.state()).as("trying again makes it no shorter").isEqualTo(JobState.DISCARDED);
    assertThat(code(end)).isEqualTo("embedding_incomplete");
    assertThat(stats()).isEqualTo(stats(CHUNKS - 1, 1));
    assertThat(server.embedded()).hasSize(CHUNKS - 1).doesNotHaveDuplicates();
  }

  @Test
  void aTextThatIsTooLongByTheModelsLimitsIsNotEvenSent() throws Exception {
    ingest(CHUNKS);
    use(model().limits(EmbeddingLimits.OPENAI.withMaxTokensPerInput(7)).tokenCounter(this::count));

    JobEvent.Settled end = run();

    assertThat(end.state()).isEqualTo(JobState.DISCARDED);
    assertThat(stats()).isEqualTo(stats(CHUNKS - 1, 1));
    assertThat(server.log()).hasSize(1);
  }

  private int count(CharSequence text) {
    return text.toString().contains("number 7.") ? 8 : 1;
  }

  @Test
  void aChunkThatIsTooLongSaysSo() throws Exception {
    ingest(1);
    server.next(StubReply.of(413, "Payload too large"));
    bridge.start();

    JobEvent.Settled end = lab.awaitSettled(embedJob.enqueueChunkEmbedding(firstChunk()));

    assertThat(end.state()).isEqualTo(JobState.DISCARDED);
    assertThat(code(end)).isEqualTo("text_too_large");
    assertThat(lab.entry("manual.txt", 0).error()).contains("Payload too large");
  }

  @Test
  void aChunkIsPutOffWhileTheProviderLimitsItsRate() throws Exception {
    ingest(1);
    server.next(StubReply.rateLimited("40"));
    bridge.start();

    JobEvent.Settled end = lab.awaitSettled(embedJob.enqueueChunkEmbedding(firstChunk()));

    assertThat(bridge.find(end.job().id()).orElseThrow().attempt()).isZero();
    assertThat(lab.entry("manual.txt", 0).error()).isNull();
  }

  @Test
  void aJobThatIsCancelledDuringACallBlamesNoChunk() throws Exception {
    ingest(CHUNKS);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    server.script(
        call -> {
          asked.countDown();
          await(answer);
          return null;
        });
    bridge.start();
    Job job = embedJob.enqueueDocumentBatch("manual.txt");
    await(asked);

    bridge.cancel(job.id());

    assertThat(lab.awaitSettled(job).state()).isEqualTo(JobState.CANCELLED);
    assertThat(stats()).isEqualTo(stats(0, 0));
    answer.countDown();
  }

  private static void assertPutOff(Job job, Instant before, long seconds) {
    assertThat(job.runAt().minusSeconds(seconds)).isBetween(before, Instant.now());
  }

  private HttpEmbeddingModelBuilder model() {
    return server.model();
  }

  private EmbedJob embedJob(HttpEmbeddingModelBuilder model) {
    return new EmbedJob(
            new KnowledgeBase(lab.store, model.build(), lab.vectors, ChunkSize.characters(40, 0)))
        .withMaxWait(maxWait);
  }

  private void use(HttpEmbeddingModelBuilder model) {
    bridge.close();
    embedJob = embedJob(model);
    bridge = lab.bridge(embedJob);
  }

  private void ingest(int chunks) {
    String[] words = IntStream.range(0, chunks).mapToObj(i -> "number " + i).toArray(String[]::new);
    assertThat(lab.knowledge.ingest(Lab.paragraphs(words), "manual.txt").chunks())
        .isEqualTo(chunks);
  }

  private JobEvent.Settled run() throws InterruptedException {
    bridge.start();
    return lab.awaitSettled(embedJob.enqueueDocumentBatch("manual.txt"));
  }

  private String firstChunk() {
    return lab.pending("manual.txt", 1).get(0).id();
  }

  private KnowledgeStats stats() {
    KnowledgeStats stats = lab.knowledge.stats();
    return new KnowledgeStats(
        stats.documents(), stats.chunks(), stats.embedded(), stats.failed(), 0);
  }

  private static KnowledgeStats stats(int embedded, int failed) {
    return new KnowledgeStats(1, CHUNKS, embedded, failed, 0);
  }

  private String code(JobEvent.Settled end) {
    List<JobError> errors = bridge.errors(end.job().id());
    return errors.get(errors.size() - 1).code();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
