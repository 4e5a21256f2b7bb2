package io.neuralbridge.knowledge;

import java.time.InstantSource;

class InMemoryEmbeddingLedgerTest extends EmbeddingLedgerContract {

  @Override
  protected KnowledgeStore newStore(InstantSource clock) {
    return new InMemoryKnowledgeStore(clock);
  }
}
