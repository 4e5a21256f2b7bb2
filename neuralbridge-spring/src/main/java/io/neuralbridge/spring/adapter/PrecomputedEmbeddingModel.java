package io.neuralbridge.spring.adapter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.BatchingStrategy;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * The model that a store of Spring AI is built with so that it stores ready vectors: {@code
 * VectorStore.add} always embeds, and this one answers with what a {@link SpringAiVectorStore} has
 * handed it for the call. Outside of such calls, as when Spring AI's own code asks the store, it
 * asks the model that it is built over.
 *
 * <p>Vectors are handed over by thread, so the store must embed in the thread that calls it, as
 * those of Spring AI do. Safe for use by many threads at once.
 */
public final class PrecomputedEmbeddingModel implements EmbeddingModel {

  private final @Nullable EmbeddingModel model;
  private final int dimensions;

  // Not static: each store is built with a model of its own, and may call another.
  @SuppressWarnings("ThreadLocalUsage")
  private final ThreadLocal<@Nullable Handover> handover = new ThreadLocal<>();

  private volatile int handedLast;

  /** The vectors of one call; {@code query} answers whatever text is asked. */
  private record Handover(
      Map<String, float[]> byId,
      Map<String, float[]> byText,
      float @Nullable [] query,
      Map<float[], String> taken) {

    float[] ofText(String text) {
      float[] asked = query;
      return of(asked == null ? byText.get(text) : asked, "a text");
    }

    float[] ofDocument(String id) {
      return of(byId.get(id), "document " + id);
    }

    private float[] of(float @Nullable [] vector, String what) {
      if (vector == null) {
        throw new IllegalStateException(
            "the store asks for a vector of %s, which it was not given".formatted(what));
      }
      taken.put(vector, what);
      return vector;
    }
  }

  private PrecomputedEmbeddingModel(@Nullable EmbeddingModel model, int dimensions) {
    this.model = model;
    this.dimensions = dimensions;
  }

  /**
   * A model over another one, whose calls it makes when nothing is handed over.
   *
   * @param model what the application asks the store with, apart from NeuralBridge
   */
  public static PrecomputedEmbeddingModel over(EmbeddingModel model) {
    return new PrecomputedEmbeddingModel(model, 0);
  }

  /**
   * A model that knows ready vectors only, for stores that only NeuralBridge asks.
   *
   * @param dimensions which the store may want to know when it creates its index, at least 1
   */
  public static PrecomputedEmbeddingModel ofDimensions(int dimensions) {
    if (dimensions < 1) {
      throw new IllegalArgumentException("dimensions must be at least 1: " + dimensions);
    }
    return new PrecomputedEmbeddingModel(null, dimensions);
  }

  /** Stores documents with their vectors; returns how many of those were asked for. */
  int handing(Map<Document, float[]> vectors, Runnable call) {
    Map<String, float[]> byId = new HashMap<>();
    Map<String, float[]> byText = new HashMap<>();
    vectors.forEach(
        (document, vector) -> {
          byId.put(document.getId(), vector);
          byText.put(String.valueOf(document.getText()), vector);
          handedLast = vector.length;
        });
    Handover handed = new Handover(byId, byText, null, new IdentityHashMap<>());
    during(
        handed,
        () -> {
          call.run();
          return handed;
        });
    return handed.taken().size();
  }

  /** Searches with a ready vector. */
  <R> R asking(float[] query, Supplier<R> call) {
    handedLast = query.length;
    return during(new Handover(Map.of(), Map.of(), query, new IdentityHashMap<>()), call);
  }

  /** Makes a call that needs no vector, and must not cost one either. */
  void aside(Runnable call) {
    handing(Map.of(), call);
  }

  private <R> R during(Handover handed, Supplier<R> call) {
    Handover before = handover.get();
    handover.set(handed);
    try {
      return call.get();
    } finally {
      if (before == null) {
        handover.remove();
      } else {
        handover.set(before);
      }
    }
  }

  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    Handover handed = handover.get();
    if (handed == null) {
      return model("texts").call(request);
    }
    List<Embedding> embeddings = new ArrayList<>();
    for (String text : request.getInstructions()) {
      embeddings.add(new Embedding(handed.ofText(text), embeddings.size()));
    }
    return new EmbeddingResponse(embeddings);
  }

  @Override
  public float[] embed(Document document) {
    Handover handed = handover.get();
    return handed == null
        ? model("a document").embed(document)
        : handed.ofDocument(document.getId());
  }

  @Override
  public List<float[]> embed(
      List<Document> documents, @Nullable EmbeddingOptions options, BatchingStrategy strategy) {
    return handover.get() == null
        ? model("documents").embed(documents, options, strategy)
        : documents.stream().map((Function<Document, float[]>) this::embed).toList();
  }

  @Override
  public @Nullable String getEmbeddingContent(Document document) {
    return model == null ? document.getText() : model.getEmbeddingContent(document);
  }

  // Some stores ask with every call, to observe it, and a model may embed a word to answer.
  @Override
  public int dimensions() {
    if (handover.get() != null && handedLast > 0) {
      return handedLast;
    }
    return model == null ? dimensions : model.dimensions();
  }

  private EmbeddingModel model(String what) {
    if (model == null) {
      throw new IllegalStateException(
          "the store is to embed %s by itself, but knows ready vectors only: build it with PrecomputedEmbeddingModel.over(…)"
              .formatted(what));
    }
    return model;
  }
}
