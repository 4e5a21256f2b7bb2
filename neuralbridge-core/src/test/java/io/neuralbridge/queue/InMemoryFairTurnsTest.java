package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryFairTurnsTest extends FairTurnsContract {
  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
