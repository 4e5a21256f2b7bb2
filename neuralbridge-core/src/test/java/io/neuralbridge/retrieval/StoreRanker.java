package io.neuralbridge.retrieval;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.vector.ExactVectorStore;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.util.List;
import java.util.Map;

/** An embedding model and the exact store. */
final class StoreRanker implements Ranker {
  private static final String COLLECTION = "passages";

  private final EmbeddingModel model;
  private final VectorStore store = new ExactVectorStore();

  StoreRanker(EmbeddingModel model, List<Passage> passages) {
    this.model = model;
    store.upsert(COLLECTION, passages.stream().map(this::toRecord).toList());
  }

  private VectorRecord toRecord(Passage passage) {
    float[] vector = embed(passage.text(), InputType.DOCUMENT);
    return new VectorRecord(passage.id(), vector, Map.of("page", passage.page()));
  }

  @Override
  public List<String> rank(String question, int k) {
    float[] vector = embed(question, InputType.QUERY);
    return store.search(COLLECTION, VectorQuery.of(vector, k)).stream()
        .map(match -> match.metadata().getOrDefault("page", ""))
        .toList();
  }

  private float[] embed(String text, InputType inputType) {
    return model.embed(List.of(text), inputType).vectors().get(0);
  }
}
