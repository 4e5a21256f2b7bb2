package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryLinksTest extends QueueLinksContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
