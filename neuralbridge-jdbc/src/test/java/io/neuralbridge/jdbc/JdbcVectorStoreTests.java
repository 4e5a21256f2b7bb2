package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import io.neuralbridge.vector.VectorStoreConcurrencyContract;
import io.neuralbridge.vector.VectorStoreContract;
import io.neuralbridge.vector.VectorStoreFilterContract;
import io.neuralbridge.vector.VectorStoreOracleContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The vector contracts, and what only a store does that several processes share. */
abstract class JdbcVectorStoreTests {

  /** A store on emptied tables. */
  abstract VectorStore emptyStore();

  /** Another store on the same tables, as another process has it. */
  abstract VectorStore anotherStore();

  @Nested
  class Contract extends VectorStoreContract {
    @Override
    protected VectorStore emptyStore() {
      return JdbcVectorStoreTests.this.emptyStore();
    }
  }

  @Nested
  class Filters extends VectorStoreFilterContract {
    @Override
    protected VectorStore emptyStore() {
      return JdbcVectorStoreTests.this.emptyStore();
    }
  }

  @Nested
  class Oracle extends VectorStoreOracleContract {
    @Override
    protected VectorStore emptyStore() {
      return JdbcVectorStoreTests.this.emptyStore();
    }
  }

  @Nested
  class Concurrency extends VectorStoreConcurrencyContract {
    @Override
    protected VectorStore emptyStore() {
      return JdbcVectorStoreTests.this.emptyStore();
    }
  }

  @Test
  void whatOneStoreWritesAnotherFinds() {
    VectorStore one = emptyStore();
    VectorStore other = anotherStore();
    one.upsert("c", List.of(record("a", 1, 0), record("b", 0, 1)));
    assertThat(search(other)).extracting(VectorMatch::id).containsExactly("a", "b");

    one.upsert("c", List.of(record("a", -1, 0)));
    assertThat(search(other)).extracting(VectorMatch::id).containsExactly("b", "a");

    one.delete("c", List.of("b"));
    assertThat(search(other)).extracting(VectorMatch::id).containsExactly("a");
    other.upsert("c", List.of(record("b", 0, 1)));
    assertThat(search(one)).extracting(VectorMatch::id).containsExactly("b", "a");
  }

  @Test
  void aCollectionThatWasDroppedAndMadeAgainIsNotMistakenForTheOld() {
    VectorStore one = emptyStore();
    VectorStore other = anotherStore();
    one.upsert("c", List.of(record("a", 1, 0)));
    assertThat(search(other)).hasSize(1);

    one.drop("c");
    assertThat(search(other)).isEmpty();
    one.upsert("c", List.of(new VectorRecord("x", new float[] {1, 2, 3}, Map.of())));

    assertThat(other.search("c", VectorQuery.of(new float[] {1, 2, 3}, 5)))
        .extracting(VectorMatch::id)
        .containsExactly("x");
  }

  @Test
  void aNewProcessFindsEverythingAgain() {
    VectorStore before = emptyStore();
    before.upsert("c", List.of(record("a", 1, 0), record("b", 0, 1)));
    before.delete("c", List.of("a"));

    VectorStore after = anotherStore();

    assertThat(after.count("c")).isEqualTo(1);
    assertThat(search(after)).containsExactly(new VectorMatch("b", 0f, Map.of("name", "b")));
  }

  private static VectorRecord record(String id, float x, float y) {
    return new VectorRecord(id, new float[] {x, y}, Map.of("name", id));
  }

  private static List<VectorMatch> search(VectorStore store) {
    return store.search("c", VectorQuery.of(new float[] {1, 0}, 10));
  }
}
