package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryReportsTest extends ReportsContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
