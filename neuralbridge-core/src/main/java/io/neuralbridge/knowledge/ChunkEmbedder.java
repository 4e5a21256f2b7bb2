package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingResponse;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  ChunkEmbedder(KnowledgeBase knowledge) {
    this.store = knowledge.store();
    this.model = knowledge.model();
    this.vectors = knowledge.vectors();
    this.collection = knowledge.collection();
  }

  String modelId() {
    return model.modelId();
  }

  int batchSize() {
    return model.maxBatchSize();
  }

  /**
   * The vectors of chunks, by one call of the model.
   *
   * @throws RuntimeException if the model fails, or what it returns cannot be stored
   */
  List<VectorRecord> vectors(List<Chunk> chunks) {
    List<String> texts = chunks.stream().map(Chunk::embeddingText).toList();
    EmbeddingResponse response = model.embed(texts, InputType.DOCUMENT);
    requireOneVectorEach(chunks, response);
    List<VectorRecord> records = new ArrayList<>();
    for (int i = 0; i < chunks.size(); i++) {
      records.add(record(chunks.get(i), response.vectors().get(i)));
    }
    return records;
  }

  /** Stores the vectors of chunks and marks them embedded. */
  void store(List<Chunk> chunks, List<VectorRecord> records) {
    vectors.upsert(collection, records);
    chunks.forEach(this::markEmbedded);
  }

  /** Notes on a chunk why it could not be embedded. */
  void fail(Chunk chunk, Exception cause) {
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

  private void requireOneVectorEach(List<Chunk> chunks, EmbeddingResponse response) {
    if (response.vectors().size() != chunks.size()) {
      throw new EmbeddingException(
          "model '%s' returned %d vectors for %d texts"
              .formatted(model.modelId(), response.vectors().size(), chunks.size()));
    }
    for (float[] vector : response.vectors()) {
      if (vector.length != model.dimensions()) {
        throw new EmbeddingException(
            "model '%s' says that it has %d dimensions, but returned a vector of %d"
                .formatted(model.modelId(), model.dimensions(), vector.length));
      }
    }
  }

  private static VectorRecord record(Chunk chunk, float[] vector) {
    Map<String, String> metadata = new HashMap<>(chunk.metadata());
    metadata.put(KnowledgeBase.DOCUMENT, chunk.document());
    return new VectorRecord(chunk.id(), vector, metadata);
  }
}
