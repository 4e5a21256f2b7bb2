package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryUniqueConcurrencyTest extends UniqueConcurrencyContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
