package io.neuralbridge.spring.adapter;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;

/** A Spring AI model: counts its calls, and answers in the wrong order, as is allowed. */
public class FakeSpringModel implements EmbeddingModel {

  private final AtomicInteger calls = new AtomicInteger();
  private final List<EmbeddingRequest> requests = Collections.synchronizedList(new ArrayList<>());
  private final int dimensions;
  volatile @Nullable Function<EmbeddingRequest, EmbeddingResponse> instead;

  public FakeSpringModel(int dimensions) {
    this.dimensions = dimensions;
  }

  int calls() {
    return calls.get();
  }

  List<EmbeddingRequest> requests() {
    return List.copyOf(requests);
  }

  static float[] vectorOf(String text, int dimensions) {
    float[] vector = new float[dimensions];
    vector[0] = text.length();
    vector[dimensions - 1] = 1;
    return vector;
  }

  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    calls.incrementAndGet();
    requests.add(request);
    Function<EmbeddingRequest, EmbeddingResponse> other = instead;
    if (other != null) {
      return other.apply(request);
    }
    List<Embedding> embeddings = new ArrayList<>();
    for (int i = request.getInstructions().size() - 1; i >= 0; i--) {
      embeddings.add(new Embedding(vectorOf(request.getInstructions().get(i), dimensions), i));
    }
    return new EmbeddingResponse(
        embeddings, new EmbeddingResponseMetadata("fake-1", new DefaultUsage(7, 0)));
  }

  @Override
  public float[] embed(Document document) {
    return embed(String.valueOf(document.getText()));
  }
}
