package io.neuralbridge.spring.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.vector.VectorFilter;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import io.neuralbridge.vector.VectorStoreContract;
import io.neuralbridge.vector.VectorStoreFilterContract;
import io.neuralbridge.vector.VectorStoreOracleContract;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.SearchRequest;
import org.springframework.ai.vectorstore.SimpleVectorStore;

class SpringAiVectorStoreTest {

  private final FakeSpringModel springModel = new FakeSpringModel(2);
  private final PrecomputedEmbeddingModel model = PrecomputedEmbeddingModel.over(springModel);

  private static VectorStore oneStoreEach() {
    PrecomputedEmbeddingModel model = PrecomputedEmbeddingModel.ofDimensions(1);
    return SpringAiVectorStore.builder(model, name -> SimpleVectorStore.builder(model).build())
        .catalog(CollectionCatalog.inMemory())
        .build();
  }

  private static VectorStore sharedStore() {
    PrecomputedEmbeddingModel model = PrecomputedEmbeddingModel.ofDimensions(1);
    return SpringAiVectorStore.sharing(model, SimpleVectorStore.builder(model).build())
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

    assertThat(search(store, "one", VectorFilter.all())).isEmpty();
    assertThat(search(store, "two", VectorFilter.all()))
        .extracting(VectorMatch::id)
        .containsExactly("a");
  }

  @Test
  void noCallOfTheAdapterCostsACallOfTheModelBelow() {
    VectorStore store = adapted(SimpleVectorStore.builder(model).build());

    store.upsert("docs", List.of(record("a", 1, 0), record("b", 0, 1)));
    search(store, "docs", VectorFilter.all());
    store.delete("docs", List.of("a"));
    store.drop("docs");

    assertThat(springModel.calls()).isZero();
  }

  @Test
  void theApplicationCanStillAskTheStoreItself() {
    SimpleVectorStore simple = SimpleVectorStore.builder(model).build();
    adapted(simple).upsert("docs", List.of(record("a", 1, 0)));

    List<Document> found =
        simple.similaritySearch(SearchRequest.builder().query("a question").build());

    assertThat(springModel.calls()).isPositive();
    assertThat(found).singleElement().returns("text of a", Document::getText);
  }

  @Test
  void aStoreThatWasBuiltWithAnotherModelIsRefused() {
    VectorStore store = adapted(SimpleVectorStore.builder(springModel).build());

    assertThatThrownBy(() -> store.upsert("docs", List.of(record("a", 1, 0))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SimpleVectorStore")
        .hasMessageContaining("PrecomputedEmbeddingModel");
  }

  @Test
  void aModelWithoutAnotherBelowSaysWhatIsMissing() {
    SimpleVectorStore simple =
        SimpleVectorStore.builder(PrecomputedEmbeddingModel.ofDimensions(2)).build();

    assertThatThrownBy(() -> simple.similaritySearch("a question"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PrecomputedEmbeddingModel.over");
  }

  @Test
  void withoutACatalogWhatTheStoreCannotTellIsSaid() {
    VectorStore store = adapted(SimpleVectorStore.builder(model).build());
    store.upsert("docs", List.of(record("a", 1, 0)));

    assertThatThrownBy(() -> store.count("docs"))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("SimpleVectorStore")
        .hasMessageContaining("catalog(");
    assertThatThrownBy(store::collections).isInstanceOf(UnsupportedOperationException.class);
    assertThat(store.delete("docs", List.of("a", "unknown"))).isEqualTo(2);
    assertThat(search(store, "docs", VectorFilter.all())).isEmpty();
  }

  @Test
  void aStoreThatCannotAskForMissingKeysSaysSo() {
    Recording unable =
        new Recording(model) {
          @Override
          public List<Document> doSimilaritySearch(SearchRequest request) {
            if (String.valueOf(request.getFilterExpression()).contains("ISNULL")) {
              throw new UnsupportedOperationException("Not supported expression type: ISNULL");
            }
            return super.doSimilaritySearch(request);
          }
        };
    unable.able = false;
    VectorStore store = adapted(unable);
    store.upsert("docs", List.of(record("a", 1, 0)));

    assertThat(search(store, "docs", VectorFilter.eq("k", "v"))).isEmpty();
    assertThatThrownBy(() -> search(store, "docs", VectorFilter.not(VectorFilter.eq("k", "v"))))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("not(…)")
        .hasMessageContaining("ISNULL");
  }

  @Test
  void metadataKeysThatStoresOverwriteAreRefused() {
    VectorStore store = adapted(SimpleVectorStore.builder(model).build());
    VectorRecord taken = new VectorRecord("a", new float[] {1, 0}, Map.of("distance", "far"));

    assertThatThrownBy(() -> store.upsert("docs", List.of(taken)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("distance");
  }

  @Test
  void aStoreThatTakesReadyVectorsIsGivenThem() {
    Recording recording = new Recording(springModel);
    VectorStore store = adapted(recording);

    store.upsert("docs", List.of(record("a", 3, 4)));

    assertThat(springModel.calls()).isZero();
    assertThat(recording.ready).hasSize(1);
    assertThat(recording.ready.get(0).embedding()).containsExactly(0.6f, 0.8f);
  }

  @Test
  void aStoreThatHasTheMethodButNotTheAbilityIsGivenThemByItsModel() {
    Recording recording = new Recording(model);
    recording.able = false;

    VectorStore store = adapted(recording);
    store.upsert("docs", List.of(record("a", 1, 0)));

    assertThat(recording.ready).isEmpty();
    assertThat(search(store, "docs", VectorFilter.all())).hasSize(1);
    assertThat(springModel.calls()).isZero();
  }

  private VectorStore adapted(org.springframework.ai.vectorstore.VectorStore store) {
    return SpringAiVectorStore.builder(model, name -> store)
        .text(record -> "text of " + record.id())
        .build();
  }

  private static List<VectorMatch> search(VectorStore store, String name, VectorFilter filter) {
    return store.search(name, new VectorQuery(new float[] {1, 0}, 5, filter));
  }

  private static VectorRecord record(String id, float... vector) {
    return new VectorRecord(id, vector, Map.of());
  }

  /** In the shape of Spring AI 2.1. */
  public record Ready(Document document, float[] embedding) {}

  /** A store as those of Spring AI 2.1 are. */
  public static class Recording extends SimpleVectorStore {
    final List<Ready> ready = new ArrayList<>();
    boolean able = true;

    Recording(EmbeddingModel model) {
      super(SimpleVectorStore.builder(model));
    }

    public void upsert(List<Ready> entries) {
      if (!able) {
        throw new UnsupportedOperationException("does not support upsert");
      }
      ready.addAll(entries);
    }
  }
}
