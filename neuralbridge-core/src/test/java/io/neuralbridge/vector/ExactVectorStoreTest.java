package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ExactVectorStoreTest {

  @Nested
  class Contract extends VectorStoreContract {
    @Override
    protected VectorStore emptyStore() {
      return new ExactVectorStore();
    }
  }

  @Nested
  class Filters extends VectorStoreFilterContract {
    @Override
    protected VectorStore emptyStore() {
      return new ExactVectorStore();
    }
  }

  @Nested
  class Oracle extends VectorStoreOracleContract {
    @Override
    protected VectorStore emptyStore() {
      return new ExactVectorStore();
    }
  }

  @Nested
  class Concurrency extends VectorStoreConcurrencyContract {
    @Override
    protected VectorStore emptyStore() {
      return new ExactVectorStore();
    }
  }

  @Test
  void aSnapshotNeverChangesWhileWritersGoOn() {
    VectorCollection collection = new VectorCollection(2);
    collection.upsert(records(40, "old"));
    Snapshot before = collection.snapshot();
    collection.upsert(records(100, "new"));
    collection.delete(List.of("id0", "id1"));

    List<VectorMatch> matches = before.search(VectorQuery.of(new float[] {1, 0}, 500));

    assertThat(matches).hasSize(40);
    assertThat(matches).allSatisfy(m -> assertThat(m.metadata()).containsEntry("v", "old"));
    assertThat(collection.snapshot().live()).isEqualTo(98);
  }

  @Test
  void replacedAndDeletedRecordsGiveTheirSpaceBack() {
    VectorCollection collection = new VectorCollection(2);
    for (int round = 0; round < 50; round++) {
      collection.upsert(records(5000, "" + round));
    }
    assertThat(capacity(collection)).isLessThanOrEqualTo(2 * 5000 + 4096);

    collection.delete(IntStream.range(3, 5000).mapToObj(i -> "id" + i).toList());
    assertThat(capacity(collection)).isLessThanOrEqualTo(4096);
    assertThat(collection.snapshot().search(VectorQuery.of(new float[] {1, 0}, 9))).hasSize(3);
  }

  @Test
  void twoFirstWritersWithDifferentDimensionsCannotBothWin() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int round = 0; round < 200; round++) {
        ExactVectorStore store = new ExactVectorStore();
        Future<Boolean> two = threads.submit(() -> accepted(store, 1, 0));
        Future<Boolean> three = threads.submit(() -> accepted(store, 1, 0, 0));
        assertThat(two.get()).isNotEqualTo(three.get());
        assertThat(store.count("c")).isEqualTo(1);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean accepted(VectorStore store, float... vector) {
    try {
      store.upsert("c", List.of(new VectorRecord("a", vector, Map.of())));
      return true;
    } catch (DimensionMismatchException e) {
      return false;
    }
  }

  private static int capacity(VectorCollection collection) {
    return collection.snapshot().blocks().stream().mapToInt(Block::capacity).sum();
  }

  private static List<VectorRecord> records(int count, String version) {
    return IntStream.range(0, count)
        .mapToObj(i -> new VectorRecord("id" + i, new float[] {1, i}, Map.of("v", version)))
        .toList();
  }
}
