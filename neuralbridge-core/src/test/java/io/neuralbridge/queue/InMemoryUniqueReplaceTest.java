package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryUniqueReplaceTest extends UniqueReplaceContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
