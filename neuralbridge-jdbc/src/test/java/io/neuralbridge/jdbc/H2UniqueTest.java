package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.UniqueContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class H2UniqueTest extends UniqueContract {

  private EmbeddedDatabase database;

  @Override
  protected Queue newQueue(InstantSource clock) {
    database = EmbeddedDatabase.inMemory();
    return JdbcBackend.of(database.dataSource(), Migration.APPLY, clock).queue();
  }

  @AfterEach
  void close() {
    database.close();
  }
}
