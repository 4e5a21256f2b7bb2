package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryLinksRaceTest extends QueueLinksRaceContract {

  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
