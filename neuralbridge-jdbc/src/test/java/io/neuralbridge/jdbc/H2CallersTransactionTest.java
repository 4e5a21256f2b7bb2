package io.neuralbridge.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;

class H2CallersTransactionTest extends CallersTransactionContract {

  private EmbeddedDatabase database;

  @Override
  DataSource openDatabase() {
    database = EmbeddedDatabase.inMemory();
    return database.dataSource();
  }

  @AfterEach
  void close() {
    database.close();
  }
}
