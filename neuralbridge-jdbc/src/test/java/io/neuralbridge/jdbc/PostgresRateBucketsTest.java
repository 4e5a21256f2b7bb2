package io.neuralbridge.jdbc;

import io.neuralbridge.embedding.RateBuckets;
import io.neuralbridge.embedding.RateBucketsContract;
import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresRateBucketsTest extends RateBucketsContract {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  protected RateBuckets newBuckets(InstantSource clock) throws SQLException {
    JdbcBackend backend = JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY, clock);
    Tables.clear(POSTGRES.dataSource());
    return backend.rateBuckets();
  }
}
