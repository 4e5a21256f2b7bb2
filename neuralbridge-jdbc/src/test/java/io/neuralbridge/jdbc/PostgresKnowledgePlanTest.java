package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.knowledge.Chunk;
import io.neuralbridge.knowledge.EmbeddingLedger;
import io.neuralbridge.knowledge.Generation;
import io.neuralbridge.knowledge.KnowledgeStore;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 50,000 chunks of 500 documents, one of which is worked at. */
class PostgresKnowledgePlanTest {

  private static final String DOCUMENT = "doc-7";

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private HikariDataSource database;
  private KnowledgeStore store;
  private VectorStore vectors;

  @BeforeEach
  void fill() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    database = POSTGRES.singleConnection();
    JdbcBackend backend = JdbcBackend.of(database, Migration.NONE);
    store = backend.knowledge();
    vectors = backend.vectors();
    Tables.clear(database);
    vectors.upsert("model", List.of(vector("first")));
    for (String statement :
        List.of(
            "INSERT INTO nb_document (name, run, completed_run, fingerprint, chunks, ingested_at)"
                + " SELECT 'doc-' || i, 0, 0, 'print', 100, now() FROM generate_series(0, 499) i",
            "INSERT INTO nb_chunk (id, document, position, run, content_hash)"
                + " SELECT 'id-' || i, 'doc-' || i % 500, i / 500, 0, 'hash'"
                + " FROM generate_series(0, 49999) i",
            "INSERT INTO nb_embedding (chunk_id, generation, status, tokens, attempts)"
                + " SELECT 'id-' || i, 99, 'embedded', 1, 1 FROM generate_series(0, 49999) i",
            "INSERT INTO nb_chunk_text (chunk_id, heading, body)"
                + " SELECT 'id-' || i, '', 'text' FROM generate_series(0, 49999) i",
            "INSERT INTO nb_vector (collection_id, id, revision, written_at, vector)"
                + " SELECT c.id, 'id-' || i, 1, now(), '\\x00000000' FROM nb_vector_collection c,"
                + " generate_series(0, 49999) i",
            "ANALYZE nb_document, nb_chunk, nb_chunk_text, nb_embedding, nb_vector")) {
      PostgresDatabase.execute(database, statement);
    }
  }

  @Test
  void whatIsDoneForEachChunkOrBatchScansNoTable() throws SQLException {
    Map<String, Long> before = sequentialScans();

    EmbeddingLedger ledger = store.ledger();
    Generation active = store.generations().activeOrNew("model", 1);
    long generation = active.id();
    List<Chunk> pending = ledger.pending(generation, DOCUMENT, -1, 50);
    assertThat(pending).hasSize(50);
    List<String> ids = pending.stream().map(Chunk::id).toList();
    assertThat(store.chunks(ids)).hasSize(50);
    vectors.upsert("model", ids.stream().map(PostgresKnowledgePlanTest::vector).toList());
    assertThat(ledger.begin(generation, ids)).isTrue();
    assertThat(ledger.begin(generation, ids)).as("again").isTrue();
    ledger.markFailed(generation, Map.of(ids.get(0), "error"));
    assertThat(ledger.markEmbedded(generation, tokens(ids))).hasSize(50);
    assertThat(ledger.embedded(generation, ids)).hasSize(50);
    assertThat(ledger.entries(active, DOCUMENT, null, 20)).hasSize(20);
    assertThat(ledger.pendingDocuments(generation, "doc-4", null, 10)).hasSize(10);
    ledger.forget(generation, ids.subList(0, 1));
    long run = store.beginRun(DOCUMENT);
    assertThat(store.saveChunks(DOCUMENT, run, chunks(ids))).isZero();
    assertThat(store.completeRun(DOCUMENT, run, "next", 50)).isTrue();
    assertThat(store.vanished(DOCUMENT, 500)).hasSize(50);
    List<String> vanished = store.giveUpVanished(DOCUMENT, run, 500);
    vectors.delete("model", vanished);
    store.removeVanished(DOCUMENT, vanished);
    long removal = store.discard(DOCUMENT).orElseThrow();
    store.removeVanished(DOCUMENT, store.giveUpVanished(DOCUMENT, removal, 500));
    store.removeDocument(DOCUMENT, removal);
    assertThat(store.document(DOCUMENT)).isEmpty();

    assertThat(sequentialScans()).isEqualTo(before);
  }

  private static List<Chunk> chunks(List<String> ids) {
    return IntStream.range(0, ids.size())
        .mapToObj(i -> new Chunk(ids.get(i), DOCUMENT, i, "", "text", Map.of()))
        .toList();
  }

  private static Map<String, Integer> tokens(List<String> ids) {
    return ids.stream().collect(Collectors.toMap(Function.identity(), id -> 1));
  }

  private static VectorRecord vector(String id) {
    return new VectorRecord(id, new float[] {1}, Map.of());
  }

  // Without nb_vector_collection, whose single row is rightly scanned.
  private Map<String, Long> sequentialScans() throws SQLException {
    // The flush comes at the end of its own statement.
    PostgresDatabase.execute(database, "SELECT pg_stat_force_next_flush()");
    Map<String, Long> scans = new TreeMap<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT relname, seq_scan FROM pg_stat_user_tables"
                    + " WHERE schemaname = current_schema() AND relname IN ('nb_document', 'nb_chunk', 'nb_chunk_text', 'nb_embedding', 'nb_vector')")) {
      while (rows.next()) {
        scans.put(rows.getString(1), rows.getLong(2));
      }
    }
    return scans;
  }
}
