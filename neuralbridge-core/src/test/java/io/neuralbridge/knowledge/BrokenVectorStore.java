package io.neuralbridge.knowledge;

import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.util.Collection;
import java.util.List;

/** Holds nothing and takes nothing. */
final class BrokenVectorStore implements VectorStore {

  @Override
  public void upsert(String collection, Collection<VectorRecord> records) {
    throw new IllegalStateException("disk full");
  }

  @Override
  public int delete(String collection, Collection<String> ids) {
    return 0;
  }

  @Override
  public boolean drop(String collection) {
    return false;
  }

  @Override
  public List<VectorMatch> search(String collection, VectorQuery query) {
    return List.of();
  }

  @Override
  public long count(String collection) {
    return 0;
  }

  @Override
  public List<String> collections() {
    return List.of();
  }
}
