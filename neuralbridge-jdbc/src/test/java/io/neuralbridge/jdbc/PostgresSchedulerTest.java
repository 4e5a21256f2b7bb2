package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.jdbc.testing.PostgresDatabase;
import io.neuralbridge.schedule.SchedulerDeclareContract;
import io.neuralbridge.schedule.SchedulerEntriesContract;
import io.neuralbridge.schedule.SchedulerFireContract;
import io.neuralbridge.schedule.SchedulerMisfireContract;
import io.neuralbridge.schedule.SchedulerOverlapContract;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSchedulerTest {

  @RegisterExtension static final PostgresDatabase POSTGRES = new PostgresDatabase();

  private static SchedulerEntriesContract.Stores stores(InstantSource clock) throws SQLException {
    JdbcBackend backend = JdbcBackend.of(POSTGRES.dataSource(), Migration.APPLY, clock);
    Tables.clear(POSTGRES.dataSource());
    return new SchedulerEntriesContract.Stores(backend.queue(), backend.scheduler());
  }

  @Nested
  class Entries extends SchedulerEntriesContract {
    @Override
    protected Stores open(InstantSource clock) throws SQLException {
      return stores(clock);
    }
  }

  @Nested
  class Declare extends SchedulerDeclareContract {
    @Override
    protected Stores open(InstantSource clock) throws SQLException {
      return stores(clock);
    }
  }

  @Nested
  class Fire extends SchedulerFireContract {
    @Override
    protected Stores open(InstantSource clock) throws SQLException {
      return stores(clock);
    }
  }

  @Nested
  class Misfire extends SchedulerMisfireContract {
    @Override
    protected Stores open(InstantSource clock) throws SQLException {
      return stores(clock);
    }
  }

  @Nested
  class Overlap extends SchedulerOverlapContract {
    @Override
    protected Stores open(InstantSource clock) throws SQLException {
      return stores(clock);
    }
  }
}
