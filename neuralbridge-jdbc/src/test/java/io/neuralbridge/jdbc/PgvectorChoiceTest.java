package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.JdbcBackend.Pgvector;
import io.neuralbridge.jdbc.testing.PgvectorDatabase;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who keeps new collections, and what becomes of those that another store has. */
class PgvectorChoiceTest {

  @RegisterExtension static final PgvectorDatabase PGVECTOR = new PgvectorDatabase();

  private final JdbcBackend backend = JdbcBackend.of(PGVECTOR.dataSource(), Migration.NONE);

  @AfterEach
  void dropAll() throws SQLException {
    PostgresDatabase.execute(
        PGVECTOR.dataSource(), "CREATE EXTENSION IF NOT EXISTS vector SCHEMA public");
    VectorStore store = backend.withPgvector(Pgvector.DEFAULT).vectors();
    store.collections().forEach(store::drop);
  }

  @Test
  void pgvectorIsUsedWhereItIs() {
    backend.vectors().upsert("c", List.of(record("a", 1, 0)));

    assertThat(backend.vectors()).isInstanceOf(PgvectorStore.class);
    assertThat(backend.withoutNotifications().vectors()).isSameAs(backend.vectors());
  }

  @Test
  void aCollectionThatWasBegunWithoutPgvectorStaysWhereItIs() {
    VectorStore before = backend.withoutPgvector().vectors();
    before.upsert("old", List.of(record("a", 1, 0)));

    VectorStore after = backend.vectors();
    after.upsert("old", List.of(record("b", 0, 1)));
    after.upsert("new", List.of(record("c", 0, 1)));

    assertThat(found(after, "old")).containsExactly("a", "b");
    assertThat(found(before, "old")).containsExactly("a", "b");
    assertThat(after.collections()).containsExactly("new", "old");
    assertThat(after.count("old")).isEqualTo(2);
    assertThat(after.delete("old", List.of("a"))).isEqualTo(1);
    assertThat(after.drop("old")).isTrue();
    assertThat(before.count("old")).isZero();
  }

  @Test
  void withoutPgvectorItsCollectionsAreRefusedNotEmpty() {
    backend.vectors().upsert("c", List.of(record("a", 1, 0)));
    VectorStore without = backend.withoutPgvector().vectors();

    assertThatThrownBy(() -> found(without, "c")).hasMessageContaining("kept by pgvector");
    assertThatThrownBy(() -> without.count("c")).hasMessageContaining("'c'");
    assertThatThrownBy(() -> without.upsert("c", List.of(record("b", 1, 0))))
        .isInstanceOf(DatabaseException.class);
    assertThatThrownBy(() -> without.drop("c")).isInstanceOf(DatabaseException.class);
    assertThat(found(backend.vectors(), "c")).containsExactly("a");
  }

  @Test
  void theExtensionIsInstalledOnlyWhereThatIsAllowed() throws SQLException {
    assumeTrue(PGVECTOR.isDisposable(), "the server is somebody's");
    PostgresDatabase.execute(PGVECTOR.dataSource(), "DROP EXTENSION vector CASCADE");
    Database database =
        new Database(PGVECTOR.dataSource(), new PostgresDialect(), null, false, false);

    assertThat(PgvectorExtension.obstacle(database, false))
        .hasValueSatisfying(obstacle -> assertThat(obstacle).contains("CREATE EXTENSION vector"));
    assertThat(backend.vectors()).isInstanceOf(JdbcVectorStore.class);
    assertThatThrownBy(() -> backend.withPgvector(Pgvector.DEFAULT))
        .hasMessageContaining("CREATE EXTENSION vector");

    assertThat(PgvectorExtension.obstacle(database, true)).isEqualTo(Optional.empty());
    assertThat(backend.withPgvector(Pgvector.DEFAULT).vectors()).isInstanceOf(PgvectorStore.class);
  }

  @Test
  void thePrintedSchemaInstallsTheExtensionAndTellsTheRest() throws SQLException {
    String sql = JdbcBackend.schemaSql("pgvector");

    PostgresDatabase.execute(PGVECTOR.dataSource(), sql);

    assertThat(sql)
        .contains("CREATE EXTENSION IF NOT EXISTS vector;")
        .contains("--   CREATE TABLE nb_pgvector_:id (")
        .contains("nb_pgvector_:id_hnsw ON nb_pgvector_:id\n--   USING hnsw")
        .doesNotContain("<");
  }

  @ParameterizedTest
  @CsvSource({"0.7.4,true", "0.8.0,false", "0.8,false", "0.9-rc1,false", "1.0,false", "0,true"})
  void versionsAreComparedByTheirNumbers(String version, boolean older) {
    assertThat(PgvectorExtension.isOlder(version, new int[] {0, 8, 0})).isEqualTo(older);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Pgvector.DEFAULT.indexFrom(0)).hasMessageContaining("0");
    assertThatThrownBy(() -> Pgvector.DEFAULT.efSearch(1_001)).hasMessageContaining("1001");
  }

  private static VectorRecord record(String id, float x, float y) {
    return new VectorRecord(id, new float[] {x, y}, Map.of());
  }

  private static List<String> found(VectorStore store, String collection) {
    return store.search(collection, VectorQuery.of(new float[] {1, 0}, 10)).stream()
        .map(VectorMatch::id)
        .toList();
  }
}
