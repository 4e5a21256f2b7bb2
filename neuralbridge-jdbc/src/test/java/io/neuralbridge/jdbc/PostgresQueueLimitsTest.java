package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.QueueLimitsContract;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresQueueLimitsTest extends QueueLimitsContract {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  protected Queue newQueue(InstantSource clock) throws SQLException {
    Queue queue = JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY, clock).queue();
    Tables.clear(POSTGRES.dataSource());
    return queue;
  }
}
