package io.neuralbridge.spring.adapter;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores of LangChain4j: Milvus, Qdrant, OpenSearch, Cassandra and whatever else it has one for.
 *
 * <pre>{@code
 * VectorStore vectors =
 *     LangChain4jVectorStore.builder(name -> milvusStore(name)).deletesFirst(false).build();
 * }</pre>
 *
 * <p>Each collection is a store of its own, or all share one, told apart by the metadata key {@code
 * neuralbridge_collection}. Ids are UUIDs made of the collection and the record's id, which stands
 * in {@code neuralbridge_id}; scores become cosines again. Records are {@linkplain
 * Builder#deletesFirst deleted before} they are stored unless you say that the store replaces by
 * id, since {@code addAll} promises nothing of it.
 *
 * <p>A store must be able to add under given ids and to remove by id; one that cannot is refused
 * when it is first used. What else LangChain4j cannot do needs a {@link CollectionCatalog}.
 *
 * <p>A record that lacks a key passes {@code not(eq(key, …))} here; LangChain4j asks its stores for
 * the same, and a few do not comply: try yours. Safe for use by many threads at once, if the stores
 * are.
 */
public final class LangChain4jVectorStore extends AdaptedStore<Filter> {

  private final Function<String, EmbeddingStore<TextSegment>> opener;
  private final boolean shared;
  private final ConcurrentMap<String, EmbeddingStore<TextSegment>> stores =
      new ConcurrentHashMap<>();

  private LangChain4jVectorStore(Builder builder) {
    super(builder, new LangChain4jFilters());
    this.opener = builder.opener;
    this.shared = builder.shared;
  }

  /**
   * Begins an adapter with a store for each collection.
   *
   * @param opener the store of a collection; asked once for each
   */
  public static Builder builder(Function<String, EmbeddingStore<TextSegment>> opener) {
    return new Builder(opener, false);
  }

  /**
   * Begins an adapter with one store for all collections, which must then be of the same
   * dimensions.
   *
   * @throws UnsupportedOperationException if the store cannot do what is needed
   */
  public static Builder sharing(EmbeddingStore<TextSegment> store) {
    return new Builder(collection -> requireAble(store), true);
  }

  private EmbeddingStore<TextSegment> store(String collection) {
    return stores.computeIfAbsent(collection, name -> requireAble(opener.apply(name)));
  }

  private static EmbeddingStore<TextSegment> requireAble(EmbeddingStore<TextSegment> store) {
    requireOwn(store, "add under given ids", "addAll", List.class, List.class, List.class);
    requireOwn(store, "remove by id", "removeAll", Collection.class);
    return store;
  }

  // What the interface does by default is to throw UnsupportedFeatureException.
  private static void requireOwn(
      EmbeddingStore<?> store, String what, String method, Class<?>... types) {
    try {
      if (store.getClass().getMethod(method, types).getDeclaringClass() == EmbeddingStore.class) {
        throw unable(store, what, null);
      }
    } catch (NoSuchMethodException e) {
      throw unable(store, what, e);
    }
  }

  private static UnsupportedOperationException unable(
      EmbeddingStore<?> store, String what, @Nullable Throwable cause) {
    return new UnsupportedOperationException(
        "%s cannot %s, which NeuralBridge needs: use another store"
            .formatted(store.getClass().getSimpleName(), what),
        cause);
  }

  @Override
  void put(String collection, Collection<VectorRecord> records) {
    List<String> ids = new ArrayList<>(records.size());
    List<Embedding> embeddings = new ArrayList<>(records.size());
    List<TextSegment> segments = new ArrayList<>(records.size());
    for (VectorRecord record : records) {
      ids.add(StoredIds.of(collection, record.id()));
      embeddings.add(Embedding.from(record.vector()));
      Metadata metadata =
          Metadata.from(StoredIds.metadata(collection, record.id(), record.metadata(), List.of()));
      segments.add(TextSegment.from(text(record), metadata));
    }
    EmbeddingStore<TextSegment> store = store(collection);
    run(store, "add under given ids", () -> store.addAll(ids, embeddings, segments));
  }

  @Override
  void remove(String collection, List<String> storedIds) {
    EmbeddingStore<TextSegment> store = store(collection);
    run(store, "remove by id", () -> store.removeAll(storedIds));
  }

  @Override
  void removeAll(String collection) {
    EmbeddingStore<TextSegment> store = store(collection);
    Filter all = LangChain4jFilters.equal(StoredIds.COLLECTION, collection);
    run(store, "remove by filter, so drop its collection yourself", () -> store.removeAll(all));
  }

  private static void run(EmbeddingStore<?> store, String what, Runnable call) {
    try {
      call.run();
    } catch (UnsupportedFeatureException e) {
      throw unable(store, what, e);
    }
  }

  @Override
  List<VectorMatch> nearest(String collection, float[] unit, int most, @Nullable Filter filter) {
    EmbeddingSearchRequest request =
        EmbeddingSearchRequest.builder()
            .queryEmbedding(Embedding.from(unit))
            .maxResults(most)
            .minScore(0.0)
            .filter(scoped(collection, filter))
            .build();
    return store(collection).search(request).matches().stream()
        .map(LangChain4jVectorStore::match)
        .toList();
  }

  private @Nullable Filter scoped(String collection, @Nullable Filter filter) {
    if (!shared) {
      return filter;
    }
    Filter own = LangChain4jFilters.equal(StoredIds.COLLECTION, collection);
    return filter == null ? own : Filter.and(own, filter);
  }

  private static VectorMatch match(EmbeddingMatch<TextSegment> match) {
    return match(
        match.embedded().metadata().toMap(), CosineSimilarity.fromRelevanceScore(match.score()));
  }

  @Override
  String who(String collection) {
    EmbeddingStore<?> store = stores.get(collection);
    return store == null ? "an EmbeddingStore" : store.getClass().getSimpleName();
  }

  /** Builds a {@link LangChain4jVectorStore}. Not for use by many threads at once. */
  public static final class Builder extends AdaptedStoreBuilder<Builder> {

    private final Function<String, EmbeddingStore<TextSegment>> opener;
    private final boolean shared;

    private Builder(Function<String, EmbeddingStore<TextSegment>> opener, boolean shared) {
      this.opener = opener;
      this.shared = shared;
      deletesFirst(true);
    }

    @Override
    Builder self() {
      return this;
    }

    /** The store. */
    public LangChain4jVectorStore build() {
      LangChain4jVectorStore built = new LangChain4jVectorStore(this);
      if (shared) {
        var unused = built.opener.apply("");
      }
      return built;
    }
  }
}
