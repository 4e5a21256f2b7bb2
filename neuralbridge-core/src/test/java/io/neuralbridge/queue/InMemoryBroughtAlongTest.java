package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryBroughtAlongTest extends BroughtAlongContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
