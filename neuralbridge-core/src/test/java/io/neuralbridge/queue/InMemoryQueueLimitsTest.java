package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryQueueLimitsTest extends QueueLimitsContract {
  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
