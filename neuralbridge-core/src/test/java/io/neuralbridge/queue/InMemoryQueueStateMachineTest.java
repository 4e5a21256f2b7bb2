package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryQueueStateMachineTest extends QueueStateMachineContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
