package io.neuralbridge.knowledge;

import java.time.InstantSource;

class InMemoryGenerationStoreTest extends GenerationStoreContract {

  @Override
  protected KnowledgeStore newStore(InstantSource clock) {
    return new InMemoryKnowledgeStore(clock);
  }
}
