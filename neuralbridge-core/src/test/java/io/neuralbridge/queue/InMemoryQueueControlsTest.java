package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryQueueControlsTest extends QueueControlsContract {
  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
