package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryUniqueTest extends UniqueContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
