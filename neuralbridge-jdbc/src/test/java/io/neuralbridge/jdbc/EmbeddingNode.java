package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddingLimits;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.embedding.HttpEmbeddingModel;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.KnowledgeBase;
import io.neuralbridge.text.ChunkSize;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** A node in a JVM of its own that embeds by a provider. */
final class EmbeddingNode {

  static final int DIMENSIONS = 8;
  static final int INPUTS = 64;

  /** What queries begin with: a verification asks for some chunks by their own texts. */
  static final String QUERY = "query: ";

  private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

  private EmbeddingNode() {}

  /**
   * @param generation the number of its model, from 1: older ones are at hand too
   */
  static ChildJvm start(String url, String name, URI provider, int generation) throws IOException {
    return ChildJvm.start(
        EmbeddingNode.class, url, name, provider.toString(), Integer.toString(generation));
  }

  public static void main(String[] args) {
    ChaosNode.endWithParent();
    HikariDataSource pool = ChaosNode.pool(args[0], args[1]);
    JdbcBackend backend = JdbcBackend.of(pool, JdbcBackend.Migration.NONE);
    URI provider = URI.create(args[2]);
    int generation = Integer.parseInt(args[3]);
    EmbeddingPipeline pipeline =
        EmbeddingPipeline.builder(model(provider, generation))
            .cache(backend.embeddingCache())
            .rateBuckets(backend.rateBuckets())
            .build();
    NeuralBridge.builder()
        .store(backend.queue())
        .install(new EmbedJob(knowledge(backend, provider, generation).withPipeline(pipeline)))
        .nodeName(args[1])
        .heartbeat(TIME_TO_LIVE.dividedBy(8), TIME_TO_LIVE)
        .build()
        .start();
    ChildJvm.say("ready");
  }

  static KnowledgeBase knowledge(JdbcBackend backend, URI provider, int generation) {
    KnowledgeBase knowledge =
        new KnowledgeBase(
            backend.knowledge(),
            model(provider, generation),
            backend.vectors(),
            ChunkSize.characters(60, 0));
    for (int older = 1; older < generation; older++) {
      knowledge = knowledge.withModel(model(provider, older));
    }
    return knowledge;
  }

  private static EmbeddingModel model(URI provider, int generation) {
    return HttpEmbeddingModel.builder("stub-model")
        .modelId("stub-" + generation)
        .baseUri(provider)
        .dimensions(DIMENSIONS)
        .prefixes(QUERY, "")
        .limits(EmbeddingLimits.ofInputs(INPUTS))
        .build();
  }
}
