package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.knowledge.EmbeddingLedgerContract;
import io.neuralbridge.knowledge.KnowledgeStore;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;

class H2EmbeddingLedgerTest extends EmbeddingLedgerContract {

  private EmbeddedDatabase database;

  @Override
  protected KnowledgeStore newStore(InstantSource clock) {
    database = EmbeddedDatabase.inMemory();
    return JdbcBackend.of(database.dataSource(), Migration.APPLY, clock).knowledge();
  }

  @AfterEach
  void close() {
    database.close();
  }
}
