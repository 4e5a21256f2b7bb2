package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.RateBuckets;
import io.neuralbridge.embedding.RateBucketsContract;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class H2RateBucketsTest extends RateBucketsContract {

  private EmbeddedDatabase database;

  @Override
  protected RateBuckets newBuckets(InstantSource clock) {
    database = EmbeddedDatabase.inMemory();
    return JdbcBackend.of(database.dataSource(), Migration.APPLY, clock).rateBuckets();
  }

  @AfterEach
  void close() {
    database.close();
  }
}
