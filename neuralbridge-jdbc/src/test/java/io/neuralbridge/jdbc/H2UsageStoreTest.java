package io.neuralbridge.jdbc;

import io.neuralbridge.cost.UsageStore;
import io.neuralbridge.cost.UsageStoreContract;
import org.junit.jupiter.api.AfterEach;

class H2UsageStoreTest extends UsageStoreContract {

  private JdbcBackend backend;

  @Override
  protected UsageStore newStore() {
    backend = JdbcBackend.inMemory();
    return backend.usage();
  }

  @AfterEach
  void close() {
    backend.close();
  }
}
