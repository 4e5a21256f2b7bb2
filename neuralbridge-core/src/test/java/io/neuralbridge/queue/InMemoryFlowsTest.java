package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryFlowsTest extends QueueFlowsContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
