package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryLookupTest extends LookupContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
