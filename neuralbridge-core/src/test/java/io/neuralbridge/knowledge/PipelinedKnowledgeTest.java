package io.neuralbridge.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.cost.Budget;
import io.neuralbridge.cost.Costs;
import io.neuralbridge.cost.InMemoryUsageStore;
import io.neuralbridge.cost.PriceTable;
import io.neuralbridge.cost.UsageFilter;
import io.neuralbridge.cost.UsageStore.Dimension;
import io.neuralbridge.cost.UsageStore.UsageShare;
import io.neuralbridge.embedding.EmbeddingCache;
import io.neuralbridge.embedding.EmbeddingDialect;
import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.embedding.StubCall;
import io.neuralbridge.embedding.StubEmbeddingServer;
import io.neuralbridge.embedding.StubReply;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.QueueStatus;
import io.neuralbridge.text.ChunkSize;
import io.neuralbridge.vector.ExactVectorStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents whose chunks are embedded through a pipeline. The provider's log is the judge. */
class PipelinedKnowledgeTest {

  private static final int INPUTS = 8;

  private final StubEmbeddingServer server = StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 4);
  private final EmbeddingModel model =
      server.model().limits(EmbeddingLimits.ofInputs(INPUTS)).build();
  private final EmbeddingPipeline pipeline =
      EmbeddingPipeline.builder(model)
          .cache(EmbeddingCache.inMemory(InstantSource.system()))
          .patience(Duration.ofMillis(100))
          .build();
  private final InMemoryKnowledgeStore store = new InMemoryKnowledgeStore();
  private final KnowledgeBase knowledge =
      new KnowledgeBase(store, model, new ExactVectorStore(), ChunkSize.characters(48, 0))
          .withPipeline(pipeline);
  private final BlockingQueue<JobEvent.Settled> settled = new LinkedBlockingQueue<>();
  private NeuralBridge bridge;

  @AfterEach
  void close() {
    if (bridge != null) {
      bridge.close();
    }
    pipeline.close();
    server.close();
  }

  @Test
  void aDocumentIsEmbeddedByFullRequestsAndFound() throws Exception {
    ingest("manual.txt", 5 * INPUTS + 3, Map.of());

    assertThat(run(new EmbedJob(knowledge), "manual.txt").state()).isEqualTo(JobState.COMPLETED);

    assertThat(server.log()).hasSize(6);
    assertThat(server.embedded()).hasSize(5 * INPUTS + 3).doesNotHaveDuplicates();
    assertThat(knowledge.search(text("manual.txt", 7), 1).get(0).chunk().text())
        .isEqualTo(text("manual.txt", 7));
  }

  @Test
  void aTextOfTwoDocumentsIsPaidForOnce() throws Exception {
    ingest("a.txt", "the same text", Map.of());
    ingest("b.txt", "the same text", Map.of());
    EmbedJob job = new EmbedJob(knowledge);

    run(job, "a.txt");
    run(job, "b.txt");

    assertThat(server.embedded()).containsExactly("the same text");
    assertThat(knowledge.stats().embedded()).isEqualTo(2);
  }

  @Test
  void aRateLimitPutsTheJobOffAndWhatIsEmbeddedStays() throws Exception {
    ingest("manual.txt", 3 * INPUTS, Map.of());
    server.script(call -> call.number() == 2 ? StubReply.rateLimited("40") : null);

    Instant before = Instant.now();
    JobEvent.Settled end = run(new EmbedJob(knowledge), "manual.txt");

    assertThat(end.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(runAt(end)).isAfterOrEqualTo(before.plusSeconds(39));
    assertThat(knowledge.stats().embedded())
        .isEqualTo(server.embedded().size())
        .isGreaterThanOrEqualTo(INPUTS);
  }

  @Test
  void oneTextThatIsRefusedFailsAlone() throws Exception {
    ingest("manual.txt", INPUTS, Map.of());
    server.script(
        call ->
            call.texts().contains(text("manual.txt", 3))
                ? StubReply.of(400, "{\"error\": {\"message\": \"invalid input\"}}")
                : null);

    run(new EmbedJob(knowledge), "manual.txt");

    assertThat(knowledge.stats().embedded()).isEqualTo(INPUTS - 1);
    assertThat(knowledge.stats().failed()).isEqualTo(1);
  }

  @Test
  void aProviderThatWantsAPersonPausesTheQueueWithOneMessage() throws Exception {
    ingest("manual.txt", 2 * INPUTS, Map.of());
    server.key("another");

    JobEvent.Settled end = run(new EmbedJob(knowledge), "manual.txt");

    assertThat(end.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(bridge.find(end.job().id()).orElseThrow().attempt()).isZero();
    assertThat(bridge.queues().status())
        .filteredOn(QueueStatus::isPaused)
        .extracting(QueueStatus::queue)
        .containsExactly("embeddings");
    assertThat(server.embedded()).isEmpty();
  }

  @Test
  void whatIsEmbeddedGoesToTheAccountOfItsTenantAndDocument() throws Exception {
    Costs costs = costs();
    EmbedJob job = new EmbedJob(knowledge).withCosts(costs);
    ingest("a.txt", 3, Map.of(KnowledgeBase.TENANT, "acme"));
    ingest("b.txt", 2 * INPUTS, Map.of());

    run(job, "a.txt");
    run(job, "b.txt");

    assertThat(names(costs, Dimension.TENANT)).containsExactly("", "acme");
    assertThat(names(costs, Dimension.DOCUMENT)).containsExactly("b.txt", "a.txt");
    assertThat(costs.store().total(today()).tokens()).isEqualTo(tokens(server.log()));
    assertThat(knowledge.stats().tokens()).isEqualTo(tokens(server.log()));
  }

  @Test
  void aSpentBudgetPutsOffTheJobsOfItsTenantAndNoOthers() throws Exception {
    Budget nothing = Budget.perDay("acme's", BigDecimal.ZERO).withTenant("acme");
    EmbedJob job = new EmbedJob(knowledge).withCosts(costs(nothing));
    ingest("a.txt", 3, Map.of(KnowledgeBase.TENANT, "acme"));
    ingest("b.txt", 3, Map.of());

    JobEvent.Settled first = run(job, "a.txt");
    JobEvent.Settled other = run(job, "b.txt");

    assertThat(first.state()).isEqualTo(JobState.SCHEDULED);
    assertThat(runAt(first)).isBefore(Instant.now().plusSeconds(901));
    assertThat(other.state()).isEqualTo(JobState.COMPLETED);
    assertThat(server.embedded()).allMatch(text -> text.startsWith("b.txt"));
  }

  @Test
  void aPipelineOfAnotherModelIsRefused() {
    try (EmbeddingPipeline other =
        EmbeddingPipeline.builder(server.model().modelId("other").build()).build()) {
      assertThatThrownBy(() -> knowledge.withPipeline(other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'other' of 4 dimensions");
    }
  }

  private void ingest(String name, int chunks, Map<String, String> metadata) {
    String text =
        IntStream.range(0, chunks).mapToObj(i -> text(name, i)).collect(Collectors.joining("\n\n"));
    assertThat(knowledge.ingest(text, name, metadata).chunks()).isEqualTo(chunks);
  }

  private static String text(String name, int number) {
    return name + " has number " + number + ", and no other";
  }

  private void ingest(String name, String text, Map<String, String> metadata) {
    knowledge.ingest(text, name, metadata);
  }

  private JobEvent.Settled run(EmbedJob job, String document) throws InterruptedException {
    if (bridge == null) {
      bridge =
          NeuralBridge.builder()
              .store(new InMemoryQueue())
              .install(job)
              .listener(
                  event -> {
                    if (event instanceof JobEvent.Settled end) {
                      settled.add(end);
                    }
                  })
              .build();
      bridge.start();
    }
    Job enqueued = job.enqueueDocumentBatch(document);
    JobEvent.Settled end = settled.poll(20, TimeUnit.SECONDS);
    assertThat(end).isNotNull();
    assertThat(end.job().id()).isEqualTo(enqueued.id());
    return end;
  }

  private Instant runAt(JobEvent.Settled end) {
    return bridge.find(end.job().id()).orElseThrow().runAt();
  }

  private static Costs costs(Budget... budgets) {
    return new Costs(
        new InMemoryUsageStore(),
        PriceTable.of("USD", Map.of("stub-model", "1")),
        List.of(budgets));
  }

  private static List<String> names(Costs costs, Dimension dimension) {
    return costs.store().totals(today(), dimension, 10).stream().map(UsageShare::name).toList();
  }

  private static UsageFilter today() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return UsageFilter.days(today.minusDays(1), today);
  }

  private static long tokens(List<StubCall> calls) {
    return calls.stream()
        .flatMap(call -> call.texts().stream())
        .mapToLong(text -> (text.length() + 3) / 4)
        .sum();
  }
}
