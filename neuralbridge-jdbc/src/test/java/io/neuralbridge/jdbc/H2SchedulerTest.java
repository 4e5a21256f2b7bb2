package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Migration;
import io.neuralbridge.schedule.SchedulerDeclareContract;
import io.neuralbridge.schedule.SchedulerEntriesContract;
import io.neuralbridge.schedule.SchedulerFireContract;
import io.neuralbridge.schedule.SchedulerMisfireContract;
import io.neuralbridge.schedule.SchedulerOverlapContract;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

class H2SchedulerTest {

  private EmbeddedDatabase database;

  private SchedulerEntriesContract.Stores stores(InstantSource clock) {
    database = EmbeddedDatabase.inMemory();
    JdbcBackend backend = JdbcBackend.of(database.dataSource(), Migration.APPLY, clock);
    return new SchedulerEntriesContract.Stores(backend.queue(), backend.scheduler());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Nested
  class Entries extends SchedulerEntriesContract {
    @Override
    protected Stores open(InstantSource clock) {
      return stores(clock);
    }
  }

  @Nested
  class Declare extends SchedulerDeclareContract {
    @Override
    protected Stores open(InstantSource clock) {
      return stores(clock);
    }
  }

  @Nested
  class Fire extends SchedulerFireContract {
    @Override
    protected Stores open(InstantSource clock) {
      return stores(clock);
    }
  }

  @Nested
  class Misfire extends SchedulerMisfireContract {
    @Override
    protected Stores open(InstantSource clock) {
      return stores(clock);
    }
  }

  @Nested
  class Overlap extends SchedulerOverlapContract {
    @Override
    protected Stores open(InstantSource clock) {
      return stores(clock);
    }
  }
}
