package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryLeaseTest extends LeaseContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
