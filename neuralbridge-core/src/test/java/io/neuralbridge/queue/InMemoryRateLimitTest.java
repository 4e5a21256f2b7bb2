package io.neuralbridge.queue;

import java.time.InstantSource;

class InMemoryRateLimitTest extends RateLimitContract {
  @Override
  protected Queue newQueue(InstantSource clock) {
    return new InMemoryQueue(clock);
  }
}
