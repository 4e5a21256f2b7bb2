package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HnswVectorStoreTest {
  private static final Executor AT_ONCE = Runnable::run;

  /** A graph over everything, up to date after each change, and searched to its end. */
  private static VectorStore indexedAtOnce() {
    HnswSettings settings =
        HnswSettings.defaults().withGraphThreshold(1).withSearchWidth(500).withBuildThreads(1);
    return new HnswVectorStore(settings, null, AT_ONCE);
  }

  @Nested
  class Contract extends VectorStoreContract {
    @Override
    protected VectorStore emptyStore() {
      return indexedAtOnce();
    }
  }

  @Nested
  class Filters extends VectorStoreFilterContract {
    @Override
    protected VectorStore emptyStore() {
      return indexedAtOnce();
    }
  }

  @Nested
  class Oracle extends VectorStoreOracleContract {
    @Override
    protected VectorStore emptyStore() {
      return indexedAtOnce();
    }
  }

  @Nested
  class OracleInBackground extends VectorStoreOracleContract {
    @Override
    protected VectorStore emptyStore() {
      return HnswVectorStore.inMemory(
          HnswSettings.defaults().withGraphThreshold(50).withSearchWidth(500));
    }
  }

  @Nested
  class Concurrency extends VectorStoreConcurrencyContract {
    @Override
    protected VectorStore emptyStore() {
      return HnswVectorStore.inMemory(HnswSettings.defaults().withGraphThreshold(1));
    }
  }

  @Nested
  class OnClusters {
    private static final int RECORDS = 3000;
    private final List<float[]> vectors = ClusteredVectors.of(1, RECORDS, 48);
    private final List<float[]> queries = ClusteredVectors.of(2, 50, 48);
    private final ExactVectorStore exact = new ExactVectorStore();
    private final HnswVectorStore hnsw =
        new HnswVectorStore(
            HnswSettings.defaults().withGraphThreshold(1000).withBuildThreads(1), null, AT_ONCE);

    @AfterEach
    void close() {
      hnsw.close();
    }

    @Test
    void nearlyAllOfTheNearestAreFound() {
      upsert(0, RECORDS);

      assertThat(hnsw.indexed("c")).isGreaterThan(RECORDS * 9 / 10);
      assertThat(recall(VectorFilter.all())).isGreaterThanOrEqualTo(0.98);
    }

    @Test
    void aFilterIsAnsweredWellWhetherManyOrFewRecordsPass() {
      upsert(0, RECORDS);

      assertThat(recall(VectorFilter.eq("half", "0"))).isGreaterThanOrEqualTo(0.98);
      assertThat(recall(VectorFilter.eq("tenth", "3"))).isGreaterThanOrEqualTo(0.98);
      assertThat(recall(VectorFilter.eq("hundredth", "7"))).isEqualTo(1.0);
    }

    @Test
    void replacedAndDeletedRecordsAreNeverFoundAndTheOthersStill() {
      upsert(0, RECORDS);
      List<String> gone = IntStream.range(0, 600).mapToObj(i -> "id" + 3 * i).toList();
      exact.delete("c", gone);
      hnsw.delete("c", gone);
      upsert(2000, 2200);

      assertThat(hnsw.count("c")).isEqualTo(exact.count("c"));
      assertThat(recall(VectorFilter.all())).isGreaterThanOrEqualTo(0.98);
    }

    @Test
    void aGraphOfMostlyDeletedRecordsIsBuiltAgain() {
      upsert(0, RECORDS);
      hnsw.delete("c", IntStream.range(0, 1500).mapToObj(i -> "id" + i).toList());

      assertThat(hnsw.indexed("c")).isEqualTo(1500);
      hnsw.delete("c", IntStream.range(1500, 2500).mapToObj(i -> "id" + i).toList());
      assertThat(hnsw.indexed("c")).isZero();
    }

    private void upsert(int from, int to) {
      List<VectorRecord> batch = IntStream.range(from, to).mapToObj(this::record).toList();
      exact.upsert("c", batch);
      for (int i = 0; i < batch.size(); i += 500) {
        hnsw.upsert("c", batch.subList(i, Math.min(batch.size(), i + 500)));
      }
    }

    private VectorRecord record(int i) {
      Map<String, String> metadata =
          Map.of("half", "" + i % 2, "tenth", "" + i % 10, "hundredth", "" + i % 100);
      return new VectorRecord("id" + i, vectors.get(i), metadata);
    }

    private double recall(VectorFilter filter) {
      int found = 0;
      for (float[] vector : queries) {
        VectorQuery query = new VectorQuery(vector, 10, filter);
        Set<String> both = new HashSet<>(ids(exact.search("c", query)));
        List<VectorMatch> matches = hnsw.search("c", query);
        assertThat(matches).hasSize(10).allSatisfy(m -> filter.test(m.metadata()));
        both.retainAll(ids(matches));
        found += both.size();
      }
      return found / 10.0 / queries.size();
    }

    private static Set<String> ids(List<VectorMatch> matches) {
      return matches.stream().map(VectorMatch::id).collect(Collectors.toSet());
    }
  }

  @Test
  void aClosedStoreSaysSo() {
    HnswVectorStore store = HnswVectorStore.inMemory();
    store.close();
    store.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> store.count("c"))
        .withMessageContaining("closed");
  }
}
