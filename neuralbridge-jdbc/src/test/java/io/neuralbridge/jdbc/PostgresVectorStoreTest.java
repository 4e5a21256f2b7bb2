package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.vector.VectorStore;
import java.sql.SQLException;
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
}
