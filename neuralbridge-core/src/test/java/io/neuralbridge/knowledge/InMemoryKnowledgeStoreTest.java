package io.neuralbridge.knowledge;

import java.time.InstantSource;

class InMemoryKnowledgeStoreTest extends KnowledgeStoreContract {

  @Override
  protected KnowledgeStore newStore(InstantSource clock) {
    return new InMemoryKnowledgeStore(clock);
  }
}
