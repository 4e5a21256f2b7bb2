package io.neuralbridge.jdbc;

import io.neuralbridge.vector.VectorStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class H2VectorStoreTest extends JdbcVectorStoreTests {

  private final List<EmbeddedDatabase> databases = new ArrayList<>();

  @Override
  VectorStore emptyStore() {
    databases.add(EmbeddedDatabase.inMemory());
    return anotherStore();
  }

  @Override
  VectorStore anotherStore() {
    return JdbcBackend.of(databases.get(databases.size() - 1).dataSource()).vectors();
  }

  @AfterEach
  void close() {
    databases.forEach(EmbeddedDatabase::close);
  }
}
