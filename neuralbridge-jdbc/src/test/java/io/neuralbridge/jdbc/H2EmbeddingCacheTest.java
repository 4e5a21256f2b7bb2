package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.EmbeddingCache;
import io.neuralbridge.embedding.EmbeddingCacheContract;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class H2EmbeddingCacheTest extends EmbeddingCacheContract {

  private EmbeddedDatabase database;

  @Override
  protected EmbeddingCache newCache(InstantSource clock) {
    database = EmbeddedDatabase.inMemory();
    return JdbcBackend.of(database.dataSource(), Migration.APPLY, clock).embeddingCache();
  }

  @AfterEach
  void close() {
    database.close();
  }
}
