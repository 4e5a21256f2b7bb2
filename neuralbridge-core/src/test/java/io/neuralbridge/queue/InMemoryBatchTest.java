package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryBatchTest extends QueueBatchContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
