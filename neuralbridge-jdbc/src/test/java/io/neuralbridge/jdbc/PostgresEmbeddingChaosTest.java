package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddingDialect;
import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.embedding.StubEmbeddingServer;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.Generation;
import io.neuralbridge.knowledge.KnowledgeBase;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A node in a process of its own embeds 20,000 chunks, then all of them by another model, and is
 * killed again and again. The judge is the provider's log. A failure names its seed; {@code
 * -Dneuralbridge.seed=…} plays the same blows again.
 */
@Timeout(600)
class PostgresEmbeddingChaosTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private static final int DOCUMENTS = 200;
  private static final int CHUNKS_EACH = 100;
  private static final int KILLS = 4;

  private final long seed = Long.getLong("neuralbridge.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final StubEmbeddingServer provider =
      StubEmbeddingServer.start(EmbeddingDialect.OPENAI, EmbeddingNode.DIMENSIONS)
          .limits(EmbeddingLimits.ofInputs(EmbeddingNode.INPUTS))
          .latency(Duration.ofMillis(10));
  private HikariDataSource pool;
  private JdbcBackend backend;
  private ChaosStore sessions;
  private ChildJvm node;
  private int nodes;

  @BeforeEach
  void open() throws Exception {
    pool = POSTGRES.newSchema();
    backend = JdbcBackend.of(pool);
    sessions = new ChaosStore(pool);
  }

  @AfterEach
  void close() throws IOException {
    if (node != null) {
      node.close();
    }
    provider.close();
    pool.close();
  }

  @Test
  void whateverIsKilledEveryChunkHasOneVectorAndNothingNotedIsPaidForAgain() throws Exception {
    List<String> documents = ingest();

    EmbeddingJudge first = judge();
    build(1, first, job -> documents.forEach(job::enqueueDocumentBatch));
    kill();
    first.judge(active(), "seed " + seed);

    EmbeddingJudge second = judge();
    build(2, second, EmbedJob::enqueueReprocessAll);
    Eventually.isTrue("searches use the new generation", () -> active().modelId().equals("stub-2"));
    second.judge(active(), "seed " + seed);
  }

  private List<String> ingest() {
    KnowledgeBase knowledge = knowledge(1);
    return IntStream.range(0, DOCUMENTS)
        .mapToObj(
            document -> {
              String name = "document-" + document + ".txt";
              String text =
                  IntStream.range(0, CHUNKS_EACH)
                      .mapToObj(
                          n -> "paragraph %d of document %d, unlike any".formatted(n, document))
                      .collect(Collectors.joining("\n\n"));
              assertThat(knowledge.ingest(text, name).chunks()).isEqualTo(CHUNKS_EACH);
              return name;
            })
        .toList();
  }

  /** Lets a node with a model build a generation, and kills it again and again. */
  private void build(int generation, EmbeddingJudge judge, Consumer<EmbedJob> begin)
      throws Exception {
    EmbedJob job = new EmbedJob(knowledge(generation));
    NeuralBridge.builder().store(backend.queue()).install(job).build();
    begin.accept(job);
    startNode(generation);
    List<Integer> moments =
        random.ints(KILLS, judge.chunks() / 50, judge.chunks() * 9 / 10).sorted().boxed().toList();
    for (int moment : moments) {
      await(generation, judge, moment);
      kill();
      judge.killed(generation);
      startNode(generation);
    }
    await(generation, judge, judge.chunks());
  }

  private void await(int generation, EmbeddingJudge judge, int chunks) {
    Eventually.isTrue(
        "seed %d: %d chunks are in generation %d".formatted(seed, chunks, generation),
        () -> judge.embedded(generation) >= chunks);
  }

  private void kill() throws Exception {
    node.kill();
    node.awaitEnd();
    String name = name();
    Eventually.isTrue("the server is done with " + name, () -> sessions.isQuiet(name, true));
  }

  private void startNode(int generation) throws IOException {
    nodes++;
    String schema = pool.getDataSourceProperties().getProperty("currentSchema");
    node =
        EmbeddingNode.start(
            pool.getJdbcUrl() + "&currentSchema=" + schema, name(), provider.baseUri(), generation);
    node.awaitLine("ready");
  }

  private String name() {
    return "embedding-node-" + nodes;
  }

  private EmbeddingJudge judge() {
    return new EmbeddingJudge(backend.knowledge(), provider, pool);
  }

  private KnowledgeBase knowledge(int generation) {
    return EmbeddingNode.knowledge(backend, provider.baseUri(), generation);
  }

  private Generation active() {
    return backend.knowledge().generations().active().orElseThrow();
  }
}
