package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddedText;
import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Failed;
import io.neuralbridge.embedding.EmbeddedTexts;
import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingRequest;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.embedding.RequestPacker;
import io.neuralbridge.embedding.SplittingEmbedder;
import io.neuralbridge.job.JobException;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds chunks into a generation: notes the intent, calls the model, stores the vectors, then
 * notes that they are there, so that a crash between repeats and never forgets. The only place that
 * calls a model for chunks.
 */
final class ChunkEmbedder {

  private static final Logger log = LoggerFactory.getLogger(ChunkEmbedder.class);

  private final EmbeddingLedger ledger;
  private final GenerationStore generations;
  private final GenerationModels models;
  private final VectorStore vectors;
  private final Map<String, SplittingEmbedder> embedders = new ConcurrentHashMap<>();

  ChunkEmbedder(KnowledgeBase knowledge) {
    this.ledger = knowledge.store().ledger();
    this.generations = knowledge.store().generations();
    this.models = knowledge.models();
    this.vectors = knowledge.vectors();
  }

  /** How many chunks fill a request of the generation's model. */
  int batchSize(Generation generation) {
    return models.of(generation).maxBatchSize();
  }

  /** A chunk that could not be embedded. */
  record Failure(Chunk chunk, EmbeddingException error) {

    boolean isTooLarge() {
      return error.reason() == Reason.TOO_LARGE;
    }
  }

  /**
   * Embeds chunks into a generation by as few calls as the model's limits allow, and stores what
   * came of each call before the next. Chunks that cannot be embedded are noted and the rest go on.
   *
   * @param chunks each once
   * @param cancelled whether the run is asked to end
   * @param begins told the chunks of a call before it
   * @throws JobException if the model takes no more calls; what is embedded is stored
   * @throws InterruptedException if the run is asked to end
   * @throws RuntimeException if what the model returns cannot be stored
   */
  List<Failure> embed(
      Generation generation,
      List<Chunk> chunks,
      BooleanSupplier cancelled,
      Consumer<List<Chunk>> begins)
      throws InterruptedException {
    SplittingEmbedder embedder = embedder(generation);
    RequestPacker.Packing packing =
        embedder.pack(chunks.stream().map(Chunk::embeddingText).toList());
    List<Failure> failures = new ArrayList<>();
    packing.refused().forEach((at, error) -> failures.add(new Failure(chunks.get(at), error)));
    if (!failures.isEmpty() && begin(generation, failures.stream().map(Failure::chunk).toList())) {
      noteFailures(generation, failures);
    }
    for (EmbeddingRequest request : packing.requests()) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("the run was asked to end");
      }
      List<Chunk> own = request.positions().stream().map(chunks::get).toList();
      begins.accept(own);
      if (!begin(generation, own)) {
        break;
      }
      EmbeddedTexts embedded = embedder.embed(request, InputType.DOCUMENT);
      failures.addAll(save(generation, own, embedded, cancelled));
    }
    return failures;
  }

  private SplittingEmbedder embedder(Generation generation) {
    EmbeddingModel model = models.of(generation);
    return embedders.computeIfAbsent(model.modelId(), id -> new SplittingEmbedder(model));
  }

  private boolean begin(Generation generation, List<Chunk> chunks) {
    return ledger.begin(generation.id(), chunks.stream().map(Chunk::id).toList());
  }

  private List<Failure> save(
      Generation generation, List<Chunk> chunks, EmbeddedTexts embedded, BooleanSupplier cancelled)
      throws InterruptedException {
    EmbeddingException stop = embedded.stop();
    if (stop != null && stop.reason() == Reason.INTERRUPTED) {
      // Stores must not be interrupted in turn: what is embedded is paid for.
      Thread.interrupted();
    }
    store(generation, chunks, embedded);
    List<Failure> failures = failures(chunks, embedded.texts());
    // A run that is asked to end makes models fail; that is no text's fault.
    if (!failures.isEmpty() && cancelled.getAsBoolean()) {
      throw failures.get(0).error();
    }
    noteFailures(generation, failures);
    if (stop != null) {
      throw ProviderStops.because(stop);
    }
    return failures;
  }

  private static List<Failure> failures(List<Chunk> chunks, List<EmbeddedText> texts) {
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      if (texts.get(i) instanceof Failed failed) {
        failures.add(new Failure(chunks.get(i), failed.error()));
      }
    }
    return failures;
  }

  private void noteFailures(Generation generation, List<Failure> failures) {
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

  private void store(Generation generation, List<Chunk> chunks, EmbeddedTexts embedded) {
    List<Chunk> done = new ArrayList<>();
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      if (embedded.texts().get(i) instanceof Embedded text) {
        done.add(chunks.get(i));
        records.add(record(chunks.get(i), text.vector()));
      }
    }
    if (!records.isEmpty()) {
      vectors.upsert(generation.collection(), records);
      markEmbedded(generation, TokenShares.of(done, embedded.inputTokens()));
    }
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
}
