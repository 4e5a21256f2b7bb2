package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.knowledge.Chunk;
import io.neuralbridge.knowledge.KnowledgeStore;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two transactions at the same rows, the second begun while the first stands still. */
class PostgresKnowledgeConcurrencyTest {

  private static final String DOCUMENT = "guide.md";

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private KnowledgeStore store;

  @BeforeEach
  void openStore() throws SQLException {
    store = JdbcBackend.of(POSTGRES.dataSource()).knowledge();
    Tables.clear(POSTGRES.dataSource());
  }

  @Test
  void aChunkThatComesBackWhileVanishedOnesAreRemovedIsNotLost() throws Exception {
    ingest("kept", "comes-back");
    ingest("kept");
    long run = store.beginRun(DOCUMENT);
    CompletableFuture<Integer> saving;
    CompletableFuture<Void> removing;
    try (Connection other = POSTGRES.dataSource().getConnection();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SELECT 1 FROM nb_chunk WHERE id = 'kept' FOR UPDATE");
      saving =
          CompletableFuture.supplyAsync(
              () -> store.saveChunks(DOCUMENT, run, chunks("kept", "comes-back")));
      awaitWaiting(1);
      removing =
          CompletableFuture.runAsync(() -> store.removeVanished(DOCUMENT, List.of("comes-back")));
      awaitWaitingOrDone(2, removing);
      other.rollback();
    }
    saving.get(20, TimeUnit.SECONDS);
    removing.get(20, TimeUnit.SECONDS);
    store.completeRun(DOCUMENT, run, "print", 2);

    assertThat(store.ledger().pending(0, DOCUMENT, -1, 10))
        .extracting(Chunk::id)
        .containsExactly("kept", "comes-back");
  }

  @Test
  void aVectorThatComesBackWhileAMirrorForgetsThatItWasDeletedIsNotLost() throws Exception {
    VectorStore vectors = JdbcBackend.of(POSTGRES.dataSource()).vectors();
    VectorRecord record = new VectorRecord("a", new float[] {1, 0}, Map.of());
    vectors.upsert("c", List.of(record));
    vectors.delete("c", List.of("a"));
    CompletableFuture<Void> writing;
    try (Connection mirror = POSTGRES.dataSource().getConnection();
        Statement statement = mirror.createStatement()) {
      mirror.setAutoCommit(false);
      statement.execute("DELETE FROM nb_vector WHERE vector IS NULL");
      writing = CompletableFuture.runAsync(() -> vectors.upsert("c", List.of(record)));
      awaitWaiting(1);
      mirror.commit();
    }
    writing.get(20, TimeUnit.SECONDS);

    assertThat(vectors.count("c")).isEqualTo(1);
  }

  private void ingest(String... ids) {
    long run = store.beginRun(DOCUMENT);
    store.saveChunks(DOCUMENT, run, chunks(ids));
    store.completeRun(DOCUMENT, run, "print", ids.length);
  }

  private static List<Chunk> chunks(String... ids) {
    return IntStream.range(0, ids.length)
        .mapToObj(i -> new Chunk(ids[i], DOCUMENT, i, "", ids[i], Map.of()))
        .toList();
  }

  private static void awaitWaiting(int transactions) throws SQLException {
    awaitWaitingOrDone(transactions, new CompletableFuture<>());
  }

  private static void awaitWaitingOrDone(int transactions, CompletableFuture<?> done)
      throws SQLException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (waiting() < transactions && !done.isDone()) {
      assertThat(System.nanoTime()).as("%d transactions wait", transactions).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  private static int waiting() throws SQLException {
    try (Connection connection = POSTGRES.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND wait_event_type = 'Lock'")) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
