package io.neuralbridge.examples;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingResponse;
import io.neuralbridge.embedding.InputType;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Another model that counts the documents' texts which it embeds. */
final class CountingModel implements EmbeddingModel {

  private final EmbeddingModel model;
  private final AtomicLong embedded = new AtomicLong();

  CountingModel(EmbeddingModel model) {
    this.model = model;
  }

  long embedded() {
    return embedded.get();
  }

  @Override
  public String modelId() {
    return model.modelId();
  }

  @Override
  public int dimensions() {
    return model.dimensions();
  }

  @Override
  public int maxBatchSize() {
    return model.maxBatchSize();
  }

  @Override
  public EmbeddingResponse embed(List<String> texts, InputType inputType) {
    EmbeddingResponse response = model.embed(texts, inputType);
    if (inputType == InputType.DOCUMENT) {
      embedded.addAndGet(texts.size());
    }
    return response;
  }
}
