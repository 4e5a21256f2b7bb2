package io.neuralbridge.embedding;

import java.time.InstantSource;

class InMemoryRateBucketsTest extends RateBucketsContract {

  @Override
  protected RateBuckets newBuckets(InstantSource clock) {
    return RateBuckets.inMemory(clock);
  }
}
