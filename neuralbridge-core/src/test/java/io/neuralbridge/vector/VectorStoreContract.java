package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link VectorStore} does. A store's own test extends this and gives an empty store.
 */
public abstract class VectorStoreContract {
  private static final String DOCS = "docs";

  /** The store under test. */
  protected VectorStore store;

  /** A store without any collection. */
  protected abstract VectorStore emptyStore();

  @BeforeEach
  void createStore() {
    store = emptyStore();
  }

  @Test
  void aStoredVectorIsFoundWithItsScoreAndMetadata() {
    store.upsert(DOCS, List.of(record("a", Map.of("lang", "en"), 3, 4)));

    List<VectorMatch> matches = store.search(DOCS, VectorQuery.of(new float[] {1, 0}, 5));

    assertThat(matches).hasSize(1);
    assertThat(matches.get(0).id()).isEqualTo("a");
    assertThat(matches.get(0).score()).isCloseTo(0.6f, within(1e-6f));
    assertThat(matches.get(0).metadata()).containsExactly(Map.entry("lang", "en"));
  }

  @Test
  void theNearestComeFirst() {
    store.upsert(DOCS, List.of(record("far", -1, 0), record("near", 9, 1), record("mid", 1, 1)));

    assertThat(found(1, 0, 3)).containsExactly("near", "mid", "far");
  }

  @Test
  void onlyTheDirectionOfAVectorCounts() {
    store.upsert(
        DOCS, List.of(record("huge", 3e30f, 0), record("tiny", 1e-30f, 0), record("up", 0, 1)));

    List<VectorMatch> matches = store.search(DOCS, VectorQuery.of(new float[] {1e-20f, 0}, 3));

    assertThat(matches).extracting(VectorMatch::id).containsExactly("huge", "tiny", "up");
    assertThat(matches.get(0).score()).isCloseTo(1f, within(1e-6f));
    assertThat(matches.get(1).score()).isCloseTo(1f, within(1e-6f));
    assertThat(matches.get(2).score()).isCloseTo(0f, within(1e-6f));
  }

  @Test
  void scoresNeverLeaveTheRangeOfACosine() {
    float[] vector = RandomVectors.of(7, 1, 33).get(0);
    float[] opposite = vector.clone();
    IntStream.range(0, opposite.length).forEach(i -> opposite[i] *= -3);
    store.upsert(
        DOCS,
        List.of(
            new VectorRecord("same", vector, Map.of()),
            new VectorRecord("opposite", opposite, Map.of())));

    assertThat(store.search(DOCS, VectorQuery.of(vector, 2)))
        .allSatisfy(match -> assertThat(match.score()).isBetween(-1f, 1f));
  }

  @Test
  void tiesAreOrderedById() {
    store.upsert(
        DOCS, List.of(record("c", 1, 0), record("a", 1, 0), record("d", 1, 0), record("b", 1, 0)));

    assertThat(found(1, 0, 4)).containsExactly("a", "b", "c", "d");
    assertThat(found(1, 0, 2)).containsExactly("a", "b");
  }

  @Test
  void askingForMoreThanThereIsGivesWhatThereIs() {
    store.upsert(DOCS, List.of(record("a", 1, 0), record("b", 0, 1)));

    assertThat(found(1, 0, Integer.MAX_VALUE)).containsExactly("a", "b");
  }

  @Test
  void anUpsertReplacesVectorAndMetadata() {
    store.upsert(DOCS, List.of(record("a", Map.of("v", "1", "old", "x"), 1, 0)));
    store.upsert(DOCS, List.of(record("a", Map.of("v", "2"), 0, 1)));

    List<VectorMatch> matches = store.search(DOCS, VectorQuery.of(new float[] {0, 1}, 5));

    assertThat(store.count(DOCS)).isEqualTo(1);
    assertThat(matches).hasSize(1);
    assertThat(matches.get(0).score()).isCloseTo(1f, within(1e-6f));
    assertThat(matches.get(0).metadata()).containsExactly(Map.entry("v", "2"));
  }

  @Test
  void theLastOfSeveralRecordsWithOneIdCounts() {
    store.upsert(DOCS, List.of(record("a", Map.of("v", "1"), 1, 0), record("a", 0, 1)));

    assertThat(store.count(DOCS)).isEqualTo(1);
    assertThat(store.search(DOCS, VectorQuery.of(new float[] {0, 1}, 5)).get(0).metadata())
        .isEmpty();
  }

  @Test
  void anEmptyUpsertChangesNothing() {
    store.upsert(DOCS, List.of());

    assertThat(store.collections()).isEmpty();
  }

  @Test
  void deletedRecordsAreGoneAndCounted() {
    store.upsert(DOCS, List.of(record("a", 1, 0), record("b", 1, 0), record("c", 1, 0)));

    assertThat(store.delete(DOCS, List.of("a", "c", "unknown"))).isEqualTo(2);
    assertThat(store.delete(DOCS, List.of("a"))).isZero();
    assertThat(store.delete(DOCS, List.of())).isZero();
    assertThat(found(1, 0, 5)).containsExactly("b");
    assertThat(store.count(DOCS)).isEqualTo(1);
  }

  @Test
  void anIdNamedTwiceIsDeletedOnce() {
    store.upsert(DOCS, List.of(record("a", 1, 0)));

    assertThat(store.delete(DOCS, List.of("a", "a"))).isEqualTo(1);
  }

  @Test
  void aDeletedRecordMayComeBack() {
    store.upsert(DOCS, List.of(record("a", 1, 0)));
    store.delete(DOCS, List.of("a"));
    store.upsert(DOCS, List.of(record("a", 1, 1)));

    assertThat(found(1, 0, 5)).containsExactly("a");
  }

  @Test
  void anEmptiedCollectionStaysAndKeepsItsDimensions() {
    store.upsert(DOCS, List.of(record("a", 1, 0)));
    store.delete(DOCS, List.of("a"));

    assertThat(store.collections()).containsExactly(DOCS);
    assertThat(found(1, 0, 5)).isEmpty();
    assertThatThrownBy(() -> store.upsert(DOCS, List.of(record("a", 1, 0, 0))))
        .isInstanceOf(DimensionMismatchException.class);
  }

  @Test
  void aDroppedCollectionIsGoneAndItsNameIsFreeForOtherDimensions() {
    store.upsert(DOCS, List.of(record("a", 1, 0)));

    assertThat(store.drop(DOCS)).isTrue();
    assertThat(store.drop(DOCS)).isFalse();
    assertThat(store.count(DOCS)).isZero();
    assertThat(store.collections()).isEmpty();
    store.upsert(DOCS, List.of(record("a", 1, 0, 0)));
    assertThat(store.count(DOCS)).isEqualTo(1);
  }

  @Test
  void collectionsAreSortedAndKnowNothingOfEachOther() {
    store.upsert("model-b/2", List.of(record("a", 1, 0), record("b", 1, 0)));
    store.upsert("model-a/1", List.of(record("a", 0, 1, 0)));
    store.delete("model-b/2", List.of("a"));

    assertThat(store.collections()).containsExactly("model-a/1", "model-b/2");
    assertThat(store.count("model-a/1")).isEqualTo(1);
    assertThat(store.count("model-b/2")).isEqualTo(1);
  }

  @Test
  void aCollectionThatDoesNotExistIsEmpty() {
    assertThat(store.search(DOCS, VectorQuery.of(new float[] {1, 2, 3}, 5))).isEmpty();
    assertThat(store.count(DOCS)).isZero();
    assertThat(store.delete(DOCS, List.of("a"))).isZero();
    assertThat(store.collections()).isEmpty();
  }

  @Test
  void aVectorOfAnotherLengthIsRefusedWithItsWholeBatch() {
    store.upsert(DOCS, List.of(record("a", Map.of("v", "1"), 1, 0)));
    List<VectorRecord> batch = List.of(record("a", 0, 1), record("b", 0, 1), record("c", 1, 2, 3));

    assertThatThrownBy(() -> store.upsert(DOCS, batch))
        .isInstanceOf(DimensionMismatchException.class)
        .hasMessageContaining(DOCS)
        .hasMessageContaining("2")
        .hasMessageContaining("3");

    assertThat(store.count(DOCS)).isEqualTo(1);
    assertThat(store.search(DOCS, VectorQuery.of(new float[] {1, 0}, 5)).get(0).metadata())
        .containsEntry("v", "1");
  }

  @Test
  void aFirstBatchOfMixedLengthsMakesNoCollection() {
    assertThatThrownBy(() -> store.upsert(DOCS, List.of(record("a", 1, 0), record("b", 1, 0, 0))))
        .isInstanceOf(DimensionMismatchException.class);

    assertThat(store.collections()).isEmpty();
  }

  @Test
  void aQueryOfAnotherLengthIsRefused() {
    store.upsert(DOCS, List.of(record("a", 1, 0)));

    assertThatThrownBy(() -> store.search(DOCS, VectorQuery.of(new float[] {1, 0, 0}, 5)))
        .isInstanceOf(DimensionMismatchException.class);
  }

  @Test
  void idsMetadataAndCollectionNamesKeepTheirUnicode() {
    Map<String, String> metadata =
        Map.of("Schlüssel", "Größe 'ß' \"%_\\ ;--", "键", "值🎉", "empty", "", "line", "a\nb\tc");
    store.upsert("Wörter 🎉", List.of(record("日本/x'y\"z%", metadata, 1, 0)));

    VectorMatch match = store.search("Wörter 🎉", VectorQuery.of(new float[] {1, 0}, 1)).get(0);

    assertThat(match.id()).isEqualTo("日本/x'y\"z%");
    assertThat(match.metadata()).isEqualTo(metadata);
    assertThat(store.collections()).containsExactly("Wörter 🎉");
    assertThat(store.delete("Wörter 🎉", Set.of("日本/x'y\"z%"))).isEqualTo(1);
  }

  @Test
  void aLargeBatchArrivesWhole() {
    Collection<VectorRecord> batch =
        IntStream.range(0, 3000).mapToObj(i -> record("r" + i, 1, i)).toList();

    store.upsert(DOCS, batch);
    store.upsert(DOCS, batch);

    assertThat(store.count(DOCS)).isEqualTo(3000);
    assertThat(store.delete(DOCS, batch.stream().map(VectorRecord::id).toList())).isEqualTo(3000);
    assertThat(store.count(DOCS)).isZero();
  }

  private List<String> found(float x, float y, int k) {
    return store.search(DOCS, VectorQuery.of(new float[] {x, y}, k)).stream()
        .map(VectorMatch::id)
        .toList();
  }

  private static VectorRecord record(String id, float... vector) {
    return new VectorRecord(id, vector, Map.of());
  }

  private static VectorRecord record(String id, Map<String, String> metadata, float... vector) {
    return new VectorRecord(id, vector, metadata);
  }
}
