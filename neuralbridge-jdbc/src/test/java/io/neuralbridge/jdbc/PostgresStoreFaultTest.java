package io.neuralbridge.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresStoreFaultTest extends StoreFaultTests {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  @Override
  HikariDataSource emptied() throws SQLException {
    JdbcBackend.of(POSTGRES.dataSource());
    Tables.clear(POSTGRES.dataSource());
    return POSTGRES.dataSource();
  }

  @Override
  List<SQLException> conflicts() {
    return Conflicts.OF_POSTGRES;
  }
}
