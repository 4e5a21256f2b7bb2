package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class H2StoreFaultTest extends StoreFaultTests {

  private EmbeddedDatabase database;

  @Override
  HikariDataSource emptied() {
    database = EmbeddedDatabase.inMemory();
    return database.dataSource();
  }

  @Override
  List<SQLException> conflicts() {
    return Conflicts.OF_H2;
  }

  @AfterEach
  void close() {
    database.close();
  }
}
