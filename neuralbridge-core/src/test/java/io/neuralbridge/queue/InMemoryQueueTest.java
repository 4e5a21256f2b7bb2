package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryQueueTest extends QueueContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
