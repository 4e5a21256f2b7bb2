package io.neuralbridge.examples;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingResponse;
import io.neuralbridge.embedding.InputType;
import java.util.List;
import java.util.function.Consumer;

/**
 * Another model, whose work is told to somebody.
 *
 * @param observer hears the documents' texts when they are embedded, before anything is stored
 */
record ObservedModel(EmbeddingModel model, Consumer<List<String>> observer)
    implements EmbeddingModel {

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
      observer.accept(texts);
    }
    return response;
  }
}
