package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.cost.Budget;
import io.neuralbridge.cost.Costs;
import io.neuralbridge.cost.PriceTable;
import io.neuralbridge.cost.UsageFilter;
import io.neuralbridge.cost.UsageStore.Dimension;
import io.neuralbridge.cost.UsageStore.UsageShare;
import io.neuralbridge.embedding.EmbeddingDialect;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.embedding.HttpEmbeddingModel;
import io.neuralbridge.embedding.RateLimits;
import io.neuralbridge.embedding.StubEmbeddingServer;
import io.neuralbridge.job.Job;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.Generations;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.knowledge.SearchHit;
import io.neuralbridge.vector.VectorFilter;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs what docs/embedding.md shows, and holds it to what is run. */
class EmbeddingGuideTest {

  private static final Path GUIDE = Path.of("../docs/embedding.md");
  private static final Path SOURCE =
      Path.of("src/test/java/io/neuralbridge/jdbc/EmbeddingGuideTest.java");

  private final StubEmbeddingServer provider =
      StubEmbeddingServer.start(EmbeddingDialect.OPENAI, 4);
  private final JdbcBackend backend = JdbcBackend.inMemory();

  @AfterEach
  void close() {
    backend.close();
    provider.close();
  }

  @Test
  void documentsAreEmbeddedFoundPaidForAndEmbeddedAnew() {
    String key = "a key of the host's";
    URI uri = provider.baseUri();
    // guide:begin
    EmbeddingModel model =
        HttpEmbeddingModel.builder("stub-model") // say, text-embedding-3-small
            .baseUri(uri) // OpenAI's unless set
            .dimensions(4) // 1,536
            .apiKey(() -> key)
            .build();

    EmbeddingPipeline pipeline =
        EmbeddingPipeline.builder(model)
            .cache(backend.embeddingCache()) // a text is paid for once
            .rateBuckets(backend.rateBuckets()) // all nodes keep to the limits together
            .rateLimits(new RateLimits(3_000L, 1_000_000L)) // or what the headers say
            .build();

    Costs costs =
        new Costs(
            backend.usage(),
            PriceTable.of("USD", Map.of("stub-model", "0.02")),
            List.of(Budget.perMonth("embedding", new BigDecimal("50"))));

    KnowledgeBase knowledge =
        new KnowledgeBase(backend.knowledge(), model, backend.vectors()).withPipeline(pipeline);
    EmbedJob embedJob = new EmbedJob(knowledge).withCosts(costs);
    NeuralBridge bridge =
        NeuralBridge.builder()
            .store(backend.queue())
            .scheduler(backend.scheduler())
            .install(embedJob)
            .build();
    bridge.start();
    // guide:end
    use(bridge, knowledge, embedJob);
    bill(costs);
    bridge.close();
    pipeline.close();
    replace(model);
  }

  private void use(NeuralBridge bridge, KnowledgeBase knowledge, EmbedJob embedJob) {
    // guide:begin
    knowledge.ingest("Reset it by the red button.", "manual.txt", Map.of("tenant", "acme"));
    Job job = embedJob.enqueueDocumentBatch("manual.txt");
    bridge.await(job).join();

    List<SearchHit> hits =
        knowledge.search("How do I reset it?", 3, VectorFilter.eq("tenant", "acme"));
    // guide:end
    assertThat(hits)
        .singleElement()
        .satisfies(hit -> assertThat(hit.chunk().text()).contains("red"));
  }

  private void bill(Costs costs) {
    // guide:begin
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    List<UsageShare> tenants =
        costs.store().totals(UsageFilter.days(today.minusDays(30), today), Dimension.TENANT, 10);
    // guide:end
    assertThat(tenants).extracting(UsageShare::name).containsExactly("acme");
  }

  private void replace(EmbeddingModel retiredModel) {
    EmbeddingModel newModel = provider.model().modelId("stub-2").build();
    // guide:begin
    KnowledgeBase knowledge =
        new KnowledgeBase(backend.knowledge(), newModel, backend.vectors()).withModel(retiredModel);
    EmbedJob embedJob = new EmbedJob(knowledge);
    NeuralBridge bridge = NeuralBridge.builder().store(backend.queue()).install(embedJob).build();
    bridge.start();

    Job job = embedJob.enqueueReprocessAll();
    Generations generations = embedJob.generations();
    generations.progress().ifPresent(System.out::println); // 1,200 of 40,000 chunks, 310.0/s, …

    bridge.await(job).join();
    // guide:end
    assertThat(knowledge.search("How do I reset it?", 1)).hasSize(1);
    assertThat(generations.all()).hasSize(2);
    assertThat(knowledge.activeGeneration().orElseThrow().modelId()).isEqualTo("stub-2");
    // guide:begin
    generations.rollback();
    // guide:end
    assertThat(knowledge.activeGeneration().orElseThrow().modelId()).isEqualTo("stub-model");
    bridge.close();
  }

  @Test
  void theGuideShowsWhatIsRun() throws IOException {
    List<String> shown = matches("(?s)```java\n(.*?)```", Files.readString(GUIDE));
    List<String> run =
        matches("(?s)// guide:begin\n(.*?)\n *// guide:end", Files.readString(SOURCE)).stream()
            .map(code -> code.stripTrailing().stripIndent() + "\n")
            .toList();

    assertThat(run).hasSize(5);
    assertThat(shown).containsExactlyElementsOf(run);
  }

  private static List<String> matches(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.results().map(found -> found.group(1)).toList();
  }
}
