package io.neuralbridge.spring.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import io.neuralbridge.vector.VectorStoreContract;
import io.neuralbridge.vector.VectorStoreFilterContract;
import io.neuralbridge.vector.VectorStoreOracleContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LangChain4jVectorStoreTest {

  private static VectorStore oneStoreEach() {
    return LangChain4jVectorStore.builder(name -> new InMemoryEmbeddingStore<>())
        .catalog(CollectionCatalog.inMemory())
        .build();
  }

  private static VectorStore sharedStore() {
    return LangChain4jVectorStore.sharing(new InMemoryEmbeddingStore<>())
        .catalog(CollectionCatalog.inMemory())
        .build();
  }

  @Nested
  class Contract extends VectorStoreContract {
    @Override
    protected VectorStore emptyStore() {
      return oneStoreEach();
    }
  }

  @Nested
  class Filters extends VectorStoreFilterContract {
    @Override
    protected VectorStore emptyStore() {
      return oneStoreEach();
    }
  }

  @Nested
  class SharedFilters extends VectorStoreFilterContract {
    @Override
    protected VectorStore emptyStore() {
      return sharedStore();
    }
  }

  @Nested
  class Oracle extends VectorStoreOracleContract {
    @Override
    protected VectorStore emptyStore() {
      return oneStoreEach();
    }
  }

  @Nested
  class SharedOracle extends VectorStoreOracleContract {
    @Override
    protected VectorStore emptyStore() {
      return sharedStore();
    }
  }

  @Test
  void collectionsInOneStoreDoNotMix() {
    VectorStore store = sharedStore();
    store.upsert("one", List.of(record("a", 1, 0)));
    store.upsert("two", List.of(record("a", 0, 1)));

    assertThat(store.drop("one")).isTrue();

    VectorQuery query = VectorQuery.of(new float[] {1, 0}, 5);
    assertThat(store.search("one", query)).isEmpty();
    assertThat(store.search("two", query)).extracting(VectorMatch::id).containsExactly("a");
  }

  @Test
  void theIdsAndTextsInTheStoreAreTheSameEachTime() {
    InMemoryEmbeddingStore<TextSegment> inMemory = new InMemoryEmbeddingStore<>();
    VectorStore store =
        LangChain4jVectorStore.builder(name -> inMemory).text(r -> "text of " + r.id()).build();

    store.upsert("docs", List.of(record("a", 1, 0)));
    store.upsert("docs", List.of(record("a", 1, 0)));

    EmbeddingSearchRequest all =
        EmbeddingSearchRequest.builder()
            .queryEmbedding(Embedding.from(new float[] {1, 0}))
            .maxResults(5)
            .build();
    assertThat(inMemory.search(all).matches())
        .singleElement()
        .returns("text of a", match -> match.embedded().text())
        .returns(StoredIds.of("docs", "a"), match -> match.embeddingId());
  }

  @Test
  void aStoreThatCannotAddUnderGivenIdsIsRefusedAtTheStart() {
    assertThatThrownBy(() -> LangChain4jVectorStore.sharing(new Bare()).build())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Bare cannot add under given ids");
    VectorStore store = LangChain4jVectorStore.builder(name -> new Bare()).build();
    assertThatThrownBy(() -> store.upsert("docs", List.of(record("a", 1, 0))))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Bare");
  }

  @Test
  void aStoreThatCannotRemoveByFilterSaysSoWhenACollectionIsDropped() {
    InMemoryEmbeddingStore<TextSegment> unable =
        new InMemoryEmbeddingStore<>() {
          @Override
          public void removeAll(Filter filter) {
            throw new UnsupportedFeatureException("not here");
          }
        };
    VectorStore store = LangChain4jVectorStore.builder(name -> unable).build();

    assertThatThrownBy(() -> store.drop("docs"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("drop its collection yourself");
  }

  @Test
  void aSearchThatNothingCanPassDoesNotAskTheStore() {
    VectorStore store = LangChain4jVectorStore.sharing(new Deaf()).build();

    assertThat(store.search("docs", new VectorQuery(new float[] {1, 0}, 5, VectorFilter.or())))
        .isEmpty();
  }

  private static VectorRecord record(String id, float... vector) {
    return new VectorRecord(id, vector, Map.of());
  }

  /** Does what every store must, and nothing more. */
  private static class Bare implements EmbeddingStore<TextSegment> {
    @Override
    public String add(Embedding embedding) {
      return "1";
    }

    @Override
    public void add(String id, Embedding embedding) {}

    @Override
    public String add(Embedding embedding, TextSegment segment) {
      return "1";
    }

    @Override
    public List<String> addAll(List<Embedding> embeddings) {
      return List.of();
    }

    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
      return new EmbeddingSearchResult<>(List.of());
    }
  }

  private static final class Deaf extends InMemoryEmbeddingStore<TextSegment> {
    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
      throw new AssertionError("nobody should ask");
    }
  }
}
