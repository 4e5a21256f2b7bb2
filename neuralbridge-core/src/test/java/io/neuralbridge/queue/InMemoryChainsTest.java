package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryChainsTest extends QueueChainsContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
