package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.testing.PgvectorDatabase;
import io.neuralbridge.vector.VectorStore;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgvectorStoreTest extends JdbcVectorStoreTests {

  @RegisterExtension static final PgvectorDatabase PGVECTOR = new PgvectorDatabase();

  @Override
  VectorStore emptyStore() {
    VectorStore store = anotherStore();
    store.collections().forEach(store::drop);
    return store;
  }

  @Override
  VectorStore anotherStore() {
    return JdbcBackend.of(PGVECTOR.dataSource(), JdbcBackend.Migration.NONE)
        .withPgvector(JdbcBackend.Pgvector.DEFAULT)
        .vectors();
  }
}
