package io.neuralbridge.jdbc;

import io.neuralbridge.cost.UsageStore;
import io.neuralbridge.cost.UsageStoreContract;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresUsageStoreTest extends UsageStoreContract {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  protected UsageStore newStore() throws SQLException {
    UsageStore store = JdbcBackend.of(POSTGRES.dataSource()).usage();
    Tables.clear(POSTGRES.dataSource());
    return store;
  }
}
