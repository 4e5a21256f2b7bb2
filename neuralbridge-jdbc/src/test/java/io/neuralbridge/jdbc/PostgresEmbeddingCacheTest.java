package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.EmbeddingCache;
import io.neuralbridge.embedding.EmbeddingCacheContract;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresEmbeddingCacheTest extends EmbeddingCacheContract {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  protected EmbeddingCache newCache(InstantSource clock) throws SQLException {
    JdbcBackend backend = JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY, clock);
    Tables.clear(POSTGRES.dataSource());
    return backend.embeddingCache();
  }
}
