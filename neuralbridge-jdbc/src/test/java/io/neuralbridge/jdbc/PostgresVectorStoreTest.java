package io.neuralbridge.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** PostgreSQL without pgvector, whether the server has it or not. */
class PostgresVectorStoreTest extends JdbcVectorStoreTests {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  VectorStore emptyStore() {
    VectorStore store = anotherStore();
    try {
      Tables.clear(POSTGRES.dataSource());
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return store;
  }

  @Override
  VectorStore anotherStore() {
    return JdbcBackend.of(POSTGRES.dataSource()).withoutPgvector().vectors();
  }

  @Test
  void vectorsAreFoundWhetherTheServerHasPgvectorOrNot() {
    VectorStore store = JdbcBackend.of(POSTGRES.dataSource()).vectors();
    store.drop("auto");
    store.upsert("auto", List.of(new VectorRecord("a", new float[] {1, 0}, Map.of())));

    assertThat(store.search("auto", VectorQuery.of(new float[] {1, 0}, 1))).hasSize(1);
    assertThat(store.drop("auto")).isTrue();
  }
}
