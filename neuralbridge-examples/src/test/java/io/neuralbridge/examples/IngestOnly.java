package io.neuralbridge.examples;

import io.neuralbridge.embedding.LocalEmbeddingModel;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.knowledge.KnowledgeBase;
import java.nio.file.Path;

/**
 * Ingests one file, in a process of its own whose memory is bounded, and says how many chunks it
 * became.
 */
final class IngestOnly {

  private IngestOnly() {}

  public static void main(String[] args) {
    try (JdbcBackend backend = JdbcBackend.embedded(Path.of(args[1]))) {
      KnowledgeBase knowledge =
          new KnowledgeBase(backend.knowledge(), LocalEmbeddingModel.create(), backend.vectors());
      System.out.println(knowledge.ingest(Path.of(args[0]), "large.txt").chunks() + " chunks");
    }
  }
}
