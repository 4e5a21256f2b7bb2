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
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds chunks and stores their vectors: first the vector, then the note that it is there, so that
 * a crash between repeats and never forgets.
 */
final class ChunkEmbedder {

  private static final Logger log = LoggerFactory.getLogger(ChunkEmbedder.class);

  private final KnowledgeStore store;
  private final EmbeddingModel model;
  private final VectorStore vectors;
  private final String collection;
  private final SplittingEmbedder embedder;

  ChunkEmbedder(KnowledgeBase knowledge) {
    this.store = knowledge.store();
    this.model = knowledge.model();
    this.vectors = knowledge.vectors();
    this.collection = knowledge.collection();
    this.embedder = new SplittingEmbedder(model);
  }

  String modelId() {
    return model.modelId();
  }

  int batchSize() {
    return model.maxBatchSize();
  }

  /**
   * What could not be embedded.
   *
   * @param first null if there is none
   * @param allTooLarge whether all of them are longer than the model takes, so that trying again is
   *     in vain
   */
  record Failures(int count, @Nullable EmbeddingException first, boolean allTooLarge) {

    static final Failures NONE = new Failures(0, null, true);

    Failures and(EmbeddingException error) {
      boolean tooLarge = error.reason() == Reason.TOO_LARGE;
      return new Failures(count + 1, first == null ? error : first, allTooLarge && tooLarge);
    }

    Failures and(Failures more) {
      return new Failures(
          count + more.count, first == null ? more.first : first, allTooLarge && more.allTooLarge);
    }
  }

  /**
   * Embeds chunks by as few calls as the model's limits allow, and stores what came of each call
   * before the next. Chunks that cannot be embedded are noted and the rest go on.
   *
   * @param cancelled whether the run is asked to end
   * @param begins told the chunks of a call before it
   * @throws JobException if the model takes no more calls; what is embedded is stored
   * @throws InterruptedException if the run is asked to end
   * @throws RuntimeException if what the model returns cannot be stored
   */
  Failures embed(List<Chunk> chunks, BooleanSupplier cancelled, Consumer<List<Chunk>> begins)
      throws InterruptedException {
    List<String> texts = chunks.stream().map(Chunk::embeddingText).toList();
    RequestPacker.Packing packing = embedder.pack(texts);
    Failures failures = Failures.NONE;
    for (Map.Entry<Integer, EmbeddingException> refused : packing.refused().entrySet()) {
      fail(chunks.get(refused.getKey()), refused.getValue());
      failures = failures.and(refused.getValue());
    }
    for (EmbeddingRequest request : packing.requests()) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("the run was asked to end");
      }
      List<Chunk> own = request.positions().stream().map(chunks::get).toList();
      begins.accept(own);
      failures = failures.and(save(own, embedder.embed(request, InputType.DOCUMENT), cancelled));
    }
    return failures;
  }

  private Failures save(List<Chunk> chunks, EmbeddedTexts embedded, BooleanSupplier cancelled)
      throws InterruptedException {
    EmbeddingException stop = embedded.stop();
    if (stop != null && stop.reason() == Reason.INTERRUPTED) {
      // Stores must not be interrupted in turn: what is embedded is paid for.
      Thread.interrupted();
    }
    store(chunks, embedded.texts());
    Failures failures = fail(chunks, embedded.texts(), cancelled);
    if (stop != null) {
      throw ProviderStops.because(stop);
    }
    return failures;
  }

  private void store(List<Chunk> chunks, List<EmbeddedText> texts) {
    List<Chunk> done = new ArrayList<>();
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      if (texts.get(i) instanceof Embedded embedded) {
        done.add(chunks.get(i));
        records.add(record(chunks.get(i), embedded.vector()));
      }
    }
    if (!records.isEmpty()) {
      vectors.upsert(collection, records);
      done.forEach(this::markEmbedded);
    }
  }

  private Failures fail(List<Chunk> chunks, List<EmbeddedText> texts, BooleanSupplier cancelled) {
    Failures failures = Failures.NONE;
    for (int i = 0; i < chunks.size(); i++) {
      if (texts.get(i) instanceof Failed failed) {
        // A run that is asked to end makes models fail; that is no text's fault.
        if (cancelled.getAsBoolean()) {
          throw failed.error();
        }
        fail(chunks.get(i), failed.error());
        failures = failures.and(failed.error());
      }
    }
    return failures;
  }

  private void fail(Chunk chunk, EmbeddingException cause) {
    log.error("Failed to generate embedding for chunk: {}: {}", chunk.id(), cause.toString());
    log.debug("Failed to generate embedding for chunk: {}", chunk.id(), cause);
    store.markFailed(chunk.id(), cause.toString());
  }

  private void markEmbedded(Chunk chunk) {
    if (store.markEmbedded(chunk.id(), model.modelId())) {
      log.debug("Successfully generated embedding for chunk: {}", chunk.id());
      removeOldVector(chunk);
    } else {
      vectors.delete(collection, List.of(chunk.id()));
    }
  }

  private void removeOldVector(Chunk chunk) {
    String before = chunk.embedding().modelId();
    if (before != null && !before.equals(model.modelId())) {
      vectors.delete(before, List.of(chunk.id()));
    }
  }

  private static VectorRecord record(Chunk chunk, float[] vector) {
    Map<String, String> metadata = new HashMap<>(chunk.metadata());
    metadata.put(KnowledgeBase.DOCUMENT, chunk.document());
    return new VectorRecord(chunk.id(), vector, metadata);
  }
}
