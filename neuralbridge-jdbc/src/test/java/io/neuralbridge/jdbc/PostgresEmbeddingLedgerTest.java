package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.knowledge.EmbeddingLedgerContract;
import io.neuralbridge.knowledge.KnowledgeStore;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresEmbeddingLedgerTest extends EmbeddingLedgerContract {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  protected KnowledgeStore newStore(InstantSource clock) throws SQLException {
    KnowledgeStore store =
        JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY, clock).knowledge();
    Tables.clear(POSTGRES.dataSource());
    return store;
  }
}
