package io.neuralbridge.knowledge;

import io.neuralbridge.cost.Costs;
import io.neuralbridge.embedding.EmbeddedText;
import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Failed;
import io.neuralbridge.embedding.EmbeddedTexts;
import io.neuralbridge.knowledge.ChunkEmbedder.Failure;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what came of embedding chunks: notes what it cost, stores the vectors, then notes in the
 * ledger that they are there.
 */
final class ChunkResults {

  private static final Logger log = LoggerFactory.getLogger(ChunkResults.class);

  private final EmbeddingLedger ledger;
  private final GenerationStore generations;
  private final VectorStore vectors;
  private final Costs costs;

  ChunkResults(KnowledgeBase knowledge, Costs costs) {
    this.ledger = knowledge.store().ledger();
    this.generations = knowledge.store().generations();
    this.vectors = knowledge.vectors();
    this.costs = costs;
  }

  /** Stores the vectors of those that have one; the others are left as they are. */
  void store(Generation generation, List<Chunk> chunks, EmbeddedTexts embedded) {
    List<Chunk> done = new ArrayList<>();
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      if (embedded.texts().get(i) instanceof Embedded text) {
        done.add(chunks.get(i));
        records.add(record(chunks.get(i), text.vector()));
      }
    }
    if (!records.isEmpty()) {
      Map<String, Integer> tokens = TokenShares.of(done, embedded.inputTokens());
      // First: what is paid for is paid for, whether it can be stored or not.
      addCosts(generation, done, tokens);
      vectors.upsert(generation.collection(), records);
      markEmbedded(generation, tokens);
    }
  }

  private void addCosts(Generation generation, List<Chunk> chunks, Map<String, Integer> tokens) {
    Map<String, Map<String, Long>> byTenant = new HashMap<>();
    for (Chunk chunk : chunks) {
      long own = tokens.getOrDefault(chunk.id(), 0);
      byTenant
          .computeIfAbsent(tenant(chunk), tenant -> new LinkedHashMap<>())
          .merge(chunk.document(), own, Long::sum);
    }
    byTenant.forEach((tenant, used) -> costs.add(generation.modelId(), tenant, used));
  }

  static String tenant(Chunk chunk) {
    return chunk.metadata().getOrDefault(KnowledgeBase.TENANT, "");
  }

  private void markEmbedded(Generation generation, Map<String, Integer> tokens) {
    Set<String> marked = ledger.markEmbedded(generation.id(), tokens);
    marked.forEach(id -> log.debug("Successfully generated embedding for chunk: {}", id));
    List<String> unwanted = tokens.keySet().stream().filter(id -> !marked.contains(id)).toList();
    if (!unwanted.isEmpty()) {
      remove(generation, unwanted);
    }
  }

  // Forgotten first: one that has come back meanwhile is pending then, and not without its vector.
  private void remove(Generation generation, List<String> chunkIds) {
    if (generations.find(generation.id()).isEmpty()) {
      vectors.drop(generation.collection());
      return;
    }
    ledger.forget(generation.id(), chunkIds);
    vectors.delete(generation.collection(), chunkIds);
  }

  private static VectorRecord record(Chunk chunk, float[] vector) {
    Map<String, String> metadata = new HashMap<>(chunk.metadata());
    metadata.put(KnowledgeBase.DOCUMENT, chunk.document());
    return new VectorRecord(chunk.id(), vector, metadata);
  }

  /** The chunks whose texts failed. */
  static List<Failure> failures(List<Chunk> chunks, List<EmbeddedText> texts) {
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      if (texts.get(i) instanceof Failed failed) {
        failures.add(new Failure(chunks.get(i), failed.error()));
      }
    }
    return failures;
  }

  void noteFailures(Generation generation, List<Failure> failures) {
    Map<String, String> errors = new HashMap<>();
    for (Failure failure : failures) {
      String id = failure.chunk().id();
      log.error("Failed to generate embedding for chunk: {}: {}", id, failure.error().toString());
      log.debug("Failed to generate embedding for chunk: {}", id, failure.error());
      errors.put(id, failure.error().toString());
    }
    if (!errors.isEmpty()) {
      ledger.markFailed(generation.id(), errors);
    }
  }
}
