package io.neuralbridge.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Searches while other threads replace what is searched. */
@Timeout(60)
public abstract class VectorStoreConcurrencyContract {
  private static final int RECORDS = 20;
  private static final int ROUNDS = 150;
  private static final int DIMENSIONS = 64;

  /** A store without any collection. */
  protected abstract VectorStore emptyStore();

  @Test
  void aSearchSeesEachRecordOnceAndWholeWhileWritersReplaceThem() throws Exception {
    VectorStore store = emptyStore();
    store.upsert("c", generation(0));
    AtomicBoolean writing = new AtomicBoolean(true);
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      Future<?> writer = threads.submit(() -> replaceAll(store, writing));
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> searchWhile(store, writing)));
      }
      writer.get();
      for (Future<?> reader : readers) {
        reader.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.count("c")).isEqualTo(RECORDS);
  }

  @Test
  void writersOfDifferentRecordsLoseNothing() throws Exception {
    VectorStore store = emptyStore();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Void>> writers =
          IntStream.range(0, 4).<Callable<Void>>mapToObj(w -> () -> write(store, w)).toList();
      for (Future<Void> writer : threads.invokeAll(writers)) {
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.count("c")).isEqualTo(4 * 50);
  }

  private static Void write(VectorStore store, int writer) {
    for (int i = 0; i < 50; i++) {
      float[] vector = {writer + 1, i};
      store.upsert("c", List.of(new VectorRecord(writer + "-" + i, vector, Map.of())));
    }
    return null;
  }

  private static void replaceAll(VectorStore store, AtomicBoolean writing) {
    try {
      for (int round = 1; round <= ROUNDS; round++) {
        store.upsert("c", generation(round));
      }
    } finally {
      writing.set(false);
    }
  }

  private static void searchWhile(VectorStore store, AtomicBoolean writing) {
    float[] ones = new float[DIMENSIONS];
    Arrays.fill(ones, 1);
    do {
      List<VectorMatch> matches = store.search("c", VectorQuery.of(ones, RECORDS + 5));
      assertThat(matches).extracting(VectorMatch::id).doesNotHaveDuplicates().hasSize(RECORDS);
      assertThat(matches).allSatisfy(VectorStoreConcurrencyContract::isWhole);
    } while (writing.get());
  }

  /** Even generations point one way and odd ones the other; half of each would score between. */
  private static List<VectorRecord> generation(int number) {
    float[] vector = new float[DIMENSIONS];
    Arrays.fill(vector, number % 2 == 0 ? 1 : -1);
    Map<String, String> metadata = Map.of("generation", "" + number);
    return IntStream.range(0, RECORDS)
        .mapToObj(i -> new VectorRecord("id" + i, vector, metadata))
        .toList();
  }

  private static void isWhole(VectorMatch match) {
    int generation = Integer.parseInt(match.metadata().getOrDefault("generation", "-1"));
    assertThat(match.score()).isBetween(-1f, 1f);
    assertThat(Math.round(match.score() * 1000)).isEqualTo(generation % 2 == 0 ? 1000 : -1000);
  }
}
