package io.neuralbridge.spring.adapter;

import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorRecord;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.Document;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.ai.vectorstore.filter.Filter.Expression;

/**
 * Stores of Spring AI: Milvus, Qdrant, Elasticsearch, Redis, Cassandra and whatever else it has one
 * for. Since {@code VectorStore.add} always embeds, a store must be built with the {@link
 * PrecomputedEmbeddingModel} that is given here too:
 *
 * <pre>{@code
 * PrecomputedEmbeddingModel model = PrecomputedEmbeddingModel.over(springModel);
 * VectorStore vectors =
 *     SpringAiVectorStore.builder(
 *             model,
 *             name -> QdrantVectorStore.builder(client, model).collectionName(name).build())
 *         .build();
 * }</pre>
 *
 * <p>A store that was built with another model is refused by the first {@code upsert}, after it has
 * embedded. Stores that take ready vectors ({@code upsert}, Spring AI 2.1) are given them.
 *
 * <p>Each collection is a store of its own, or all share one, told apart by the metadata key {@code
 * neuralbridge_collection}. Ids are UUIDs made of the collection and the record's id, which stands
 * in {@code neuralbridge_id}; a store whose metadata is declared needs both keys. What else Spring
 * AI cannot do needs a {@link CollectionCatalog}.
 *
 * <p>A record that lacks a key passes {@code not(eq(key, …))}, which takes Spring AI's {@code
 * ISNULL}; a search so filtered throws {@link UnsupportedOperationException} where a store lacks
 * it. Safe for use by many threads at once, if the stores are.
 */
public final class SpringAiVectorStore extends AdaptedStore<Expression> {

  /** What stores add to the metadata of what they find, in place of what was there. */
  private static final List<String> TAKEN = List.of("distance", "vector_score");

  private static final String QUERY = "neuralbridge";

  private final PrecomputedEmbeddingModel model;
  private final Function<String, VectorStore> opener;
  private final boolean shared;
  private final DoubleUnaryOperator cosine;
  private final double lowestScore;
  private final ConcurrentMap<String, Opened> stores = new ConcurrentHashMap<>();

  private record Opened(VectorStore store, @Nullable ReadyUpsert upsert) {}

  private SpringAiVectorStore(Builder builder) {
    super(builder, new SpringAiFilters());
    this.model = builder.model;
    this.opener = builder.opener;
    this.shared = builder.shared;
    this.cosine = builder.cosine;
    this.lowestScore = builder.lowestScore;
  }

  /**
   * Begins an adapter with a store for each collection.
   *
   * @param model what the stores are built with
   * @param opener the store of a collection; asked once for each
   */
  public static Builder builder(
      PrecomputedEmbeddingModel model, Function<String, VectorStore> opener) {
    return new Builder(model, opener, false);
  }

  /**
   * Begins an adapter with one store for all collections, which must then be of the same
   * dimensions.
   *
   * @param model what the store is built with
   */
  public static Builder sharing(PrecomputedEmbeddingModel model, VectorStore store) {
    return new Builder(model, collection -> store, true);
  }

  private Opened opened(String collection) {
    return stores.computeIfAbsent(
        collection,
        name -> {
          VectorStore store = opener.apply(name);
          return new Opened(store, ReadyUpsert.of(store));
        });
  }

  @Override
  void put(String collection, Collection<VectorRecord> records) {
    Map<Document, float[]> vectors = new LinkedHashMap<>();
    for (VectorRecord record : records) {
      Document document =
          Document.builder()
              .id(StoredIds.of(collection, record.id()))
              .text(text(record))
              .metadata(StoredIds.metadata(collection, record.id(), record.metadata(), TAKEN))
              .build();
      vectors.put(document, record.vector());
    }
    Opened opened = opened(collection);
    if (opened.upsert() == null || !opened.upsert().store(opened.store(), vectors)) {
      add(opened.store(), vectors);
    }
  }

  private void add(VectorStore store, Map<Document, float[]> vectors) {
    int taken = model.handing(vectors, () -> store.add(List.copyOf(vectors.keySet())));
    if (taken < vectors.size()) {
      throw new IllegalStateException(
          "%s took %d of %d vectors that were given: build it with the PrecomputedEmbeddingModel of this adapter"
              .formatted(store.getClass().getSimpleName(), taken, vectors.size()));
    }
  }

  @Override
  void remove(String collection, List<String> storedIds) {
    VectorStore store = opened(collection).store();
    model.aside(() -> store.delete(storedIds));
  }

  @Override
  void removeAll(String collection) {
    VectorStore store = opened(collection).store();
    try {
      model.aside(() -> store.delete(SpringAiFilters.equal(StoredIds.COLLECTION, collection)));
    } catch (UnsupportedOperationException e) {
      throw new UnsupportedOperationException(
          "%s cannot delete by filter: drop its collection yourself"
              .formatted(store.getClass().getSimpleName()),
          e);
    }
  }

  @Override
  List<VectorMatch> nearest(
      String collection, float[] unit, int most, @Nullable Expression filter) {
    Expression scoped = scoped(collection, filter);
    SearchRequest request = new Lowest(most, scoped, lowestScore);
    VectorStore store = opened(collection).store();
    try {
      return model.asking(unit, () -> store.similaritySearch(request)).stream()
          .map(this::match)
          .toList();
    } catch (UnsupportedOperationException | IllegalArgumentException | IllegalStateException e) {
      if (scoped == null || !SpringAiFilters.asksForMissingKeys(scoped)) {
        throw e;
      }
      throw new UnsupportedOperationException(
          "%s seems unable to ask for missing keys (ISNULL), which not(…) needs: filter without it. It says: %s"
              .formatted(store.getClass().getSimpleName(), e.getMessage()),
          e);
    }
  }

  private @Nullable Expression scoped(String collection, @Nullable Expression filter) {
    if (!shared) {
      return filter;
    }
    Expression own = SpringAiFilters.equal(StoredIds.COLLECTION, collection);
    return filter == null ? own : new SpringAiFilters().and(own, filter);
  }

  private VectorMatch match(Document document) {
    Double score = document.getScore();
    return match(document.getMetadata(), score == null ? 0 : cosine.applyAsDouble(score));
  }

  @Override
  String who(String collection) {
    Opened opened = stores.get(collection);
    return opened == null ? "a VectorStore" : opened.store().getClass().getSimpleName();
  }

  /** A request that also accepts negative cosines, which the builder of requests refuses. */
  private static final class Lowest extends SearchRequest {
    private final double lowestScore;

    Lowest(int most, @Nullable Expression filter, double lowestScore) {
      super(
          SearchRequest.builder()
              .query(QUERY)
              .topK(most)
              .similarityThresholdAll()
              .filterExpression(filter)
              .build());
      this.lowestScore = lowestScore;
    }

    @Override
    public double getSimilarityThreshold() {
      return lowestScore;
    }
  }

  /** Builds a {@link SpringAiVectorStore}. Not for use by many threads at once. */
  public static final class Builder extends AdaptedStoreBuilder<Builder> {

    private final PrecomputedEmbeddingModel model;
    private final Function<String, VectorStore> opener;
    private final boolean shared;
    private DoubleUnaryOperator cosine = DoubleUnaryOperator.identity();
    private double lowestScore = -1;

    private Builder(
        PrecomputedEmbeddingModel model, Function<String, VectorStore> opener, boolean shared) {
      this.model = model;
      this.opener = opener;
      this.shared = shared;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The cosine similarity that a store's score stands for; the score itself unless set, as with
     * most. {@code score -> 2 * score - 1} for one that scores 0 to 1.
     */
    public Builder cosine(DoubleUnaryOperator cosine) {
      this.cosine = cosine;
      return this;
    }

    /**
     * The least score that a search accepts; -1 unless set. Say 0 for a store that refuses less:
     * then what points away from the query is not found.
     */
    public Builder lowestScore(double lowestScore) {
      this.lowestScore = lowestScore;
      return this;
    }

    /** The store. */
    public SpringAiVectorStore build() {
      return new SpringAiVectorStore(this);
    }
  }
}
