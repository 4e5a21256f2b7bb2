package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HnswPersistenceTest {
  @TempDir Path folder;

  private HnswVectorStore open() {
    HnswSettings settings = HnswSettings.defaults().withGraphThreshold(100).withBuildThreads(1);
    return new HnswVectorStore(settings, folder, Runnable::run);
  }

  @Nested
  class Contract extends VectorStoreContract {
    @Override
    protected VectorStore emptyStore() {
      return open();
    }
  }

  @Nested
  class Oracle extends VectorStoreOracleContract {
    @Override
    protected VectorStore emptyStore() {
      HnswSettings settings = HnswSettings.defaults().withGraphThreshold(50).withSearchWidth(500);
      return new HnswVectorStore(settings, folder, Runnable::run);
    }
  }

  @Nested
  class Concurrency extends VectorStoreConcurrencyContract {
    private HnswVectorStore opened;

    @Override
    protected VectorStore emptyStore() {
      opened = HnswVectorStore.open(folder, HnswSettings.defaults().withGraphThreshold(1));
      return opened;
    }

    @AfterEach
    void close() {
      opened.close();
    }
  }

  @Test
  void everythingIsThereAfterARestartAndTheGraphNeedsNoBuilding() {
    try (HnswVectorStore store = open()) {
      store.upsert("größe/1", records(0, 300, "first"));
      store.upsert("größe/1", records(0, 10, "second"));
      store.delete("größe/1", List.of("id5"));
      store.upsert("gone", records(0, 3, "x"));
      store.drop("gone");
      store.upsert("emptied", records(0, 1, "x"));
      store.delete("emptied", List.of("id0"));
    }

    HnswSettings neverBuilds = HnswSettings.defaults().withGraphThreshold(100);
    try (HnswVectorStore store = new HnswVectorStore(neverBuilds, folder, task -> {})) {
      assertThat(store.collections()).containsExactly("emptied", "größe/1");
      assertThat(store.count("größe/1")).isEqualTo(299);
      assertThat(store.indexed("größe/1")).isGreaterThanOrEqualTo(289);
      assertThat(store.search("größe/1", VectorQuery.of(vector(7), 1)))
          .extracting(VectorMatch::id, VectorMatch::metadata)
          .containsExactly(tuple("id7", Map.of("v", "second")));
      assertThatThrownBy(() -> store.upsert("emptied", List.of(record("a", new float[] {1}, ""))))
          .isInstanceOf(DimensionMismatchException.class);
    }
  }

  @Test
  void whateverIsCutOffTheEndOfTheFileOnlyTheUnfinishedChangeIsLost() throws Exception {
    try (HnswVectorStore store = open()) {
      store.upsert("c", records(0, 3, "first"));
      store.upsert("c", records(2, 5, "second"));
    }
    Path file = journal();
    byte[] whole = Files.readAllBytes(file);
    int firstEnd = firstChangeEnd(whole);
    for (int length = firstEnd; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (HnswVectorStore store = open()) {
        assertThat(store.count("c")).isEqualTo(3);
        assertThat(store.search("c", VectorQuery.of(vector(2), 9)))
            .allSatisfy(match -> assertThat(match.metadata()).containsEntry("v", "first"));
        store.upsert("c", records(9, 10, "third"));
      }
      try (HnswVectorStore store = open()) {
        assertThat(store.count("c")).isEqualTo(4);
      }
    }
  }

  @Test
  void aFileWithoutAnyFinishedChangeIsNoCollection() throws Exception {
    try (HnswVectorStore store = open()) {
      store.upsert("c", records(0, 3, "first"));
    }
    Path file = journal();
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 5, 30, 80, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      try (HnswVectorStore store = open()) {
        assertThat(store.collections()).isEmpty();
      }
    }
  }

  @Test
  void damageBeforeAFinishedChangeIsRefusedAndNothingIsCutOff() throws Exception {
    try (HnswVectorStore store = open()) {
      store.upsert("c", records(0, 3, "first"));
      store.upsert("c", records(2, 5, "second"));
      store.upsert("c", records(5, 6, "third"));
    }
    Path file = journal();
    byte[] whole = Files.readAllBytes(file);
    int firstEnd = firstChangeEnd(whole);
    for (int at : new int[] {3, 20, 100, firstEnd - 2, firstEnd + 2, firstEnd + 40}) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      assertThatThrownBy(this::open)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(file.toString());
      assertThat(Files.size(file)).isEqualTo(whole.length);
    }
  }

  @Test
  void aTornChangeWhoseLastBlockArrivedFirstIsCutOff() throws Exception {
    try (HnswVectorStore store = open()) {
      store.upsert("c", records(0, 3, "first"));
      store.upsert("c", records(2, 5, "second"));
    }
    Path file = journal();
    byte[] torn = Files.readAllBytes(file);
    Arrays.fill(torn, firstChangeEnd(torn) + 8, firstChangeEnd(torn) + 60, (byte) 0);
    Files.write(file, torn);

    try (HnswVectorStore store = open()) {
      assertThat(store.count("c")).isEqualTo(3);
    }
  }

  @Test
  void aDamagedGraphIsBuiltAgain() throws Exception {
    try (HnswVectorStore store = open()) {
      store.upsert("c", records(0, 200, "x"));
    }
    Path graph = Path.of(journal() + ".graph");
    byte[] bytes = Files.readAllBytes(graph);
    bytes[bytes.length / 2] ^= 1;
    Files.write(graph, bytes);

    try (HnswVectorStore store = open()) {
      assertThat(store.indexed("c")).isEqualTo(200);
      assertThat(store.search("c", VectorQuery.of(vector(17), 1)).get(0).id()).isEqualTo("id17");
    }
  }

  @Test
  void aJournalOfMostlyReplacedRecordsIsWrittenAnew() throws Exception {
    try (HnswVectorStore store = open()) {
      for (int round = 0; round < 60; round++) {
        store.upsert("c", records(0, 150, "" + round));
        store.delete("c", List.of("id" + round));
      }
      assertThat(Files.size(journal())).isLessThan(3000 * 150);
    }

    try (HnswVectorStore store = open()) {
      assertThat(store.count("c")).isEqualTo(149);
      assertThat(store.search("c", VectorQuery.of(vector(3), 200)))
          .hasSize(149)
          .allSatisfy(match -> assertThat(match.metadata()).containsEntry("v", "59"));
    }
  }

  @Test
  void twoStoresCannotHaveOneFolder() {
    try (HnswVectorStore store = open()) {
      store.upsert("c", records(0, 1, "x"));
      assertThatThrownBy(this::open)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("open in another");
      assertThat(store.count("c")).isEqualTo(1);
    }
    open().close();
  }

  @Test
  void aNewerFormatIsRefused() throws Exception {
    byte[] header = Frames.header(new Frames.Header(2, 1, 2, "c"));
    Files.write(folder.resolve("x.vectors"), header, StandardOpenOption.CREATE_NEW);

    assertThatThrownBy(this::open).hasMessageContaining("version 2");
  }

  private Path journal() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".vectors")).findAny().orElseThrow();
    }
  }

  /** Past the first commit frame: mark, length, checksum, kind, position. */
  private static int firstChangeEnd(byte[] whole) {
    for (int i = 0; i + Frames.OVERHEAD < whole.length; i++) {
      boolean mark = ByteBuffer.wrap(whole).getInt(i) == Frames.MARK;
      if (mark && whole[i + Frames.OVERHEAD] == Frames.COMMIT) {
        return i + Frames.OVERHEAD + 1 + Long.BYTES;
      }
    }
    throw new AssertionError("no commit");
  }

  private static List<VectorRecord> records(int from, int to, String version) {
    return IntStream.range(from, to).mapToObj(i -> record("id" + i, vector(i), version)).toList();
  }

  private static VectorRecord record(String id, float[] vector, String version) {
    return new VectorRecord(id, vector, Map.of("v", version));
  }

  private static float[] vector(int i) {
    return RandomVectors.of(i, 1, 8).get(0);
  }
}
