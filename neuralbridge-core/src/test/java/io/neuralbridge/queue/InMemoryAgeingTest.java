package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryAgeingTest extends AgeingContract {
  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
