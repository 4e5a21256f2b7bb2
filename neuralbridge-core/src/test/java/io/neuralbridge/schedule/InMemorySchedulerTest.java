package io.neuralbridge.schedule;

import io.neuralbridge.queue.InMemoryQueue;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

class InMemorySchedulerTest {

  private static SchedulerContract.Stores stores(InstantSource clock) {
    InMemoryQueue queue = new InMemoryQueue(clock);
    return new SchedulerContract.Stores(queue, new InMemoryScheduler(queue, clock));
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
