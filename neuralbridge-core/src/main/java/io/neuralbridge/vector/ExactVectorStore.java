package io.neuralbridge.vector;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Keeps vectors in memory and compares a query with every one of them: nothing to build, always
 * exact, gone when the process ends. Meant for up to some 100,000 vectors a collection; a search's
 * time grows with records times dimensions.
 *
 * <p>A search sees the state that one moment had, all of a batch or none of it, and neither waits
 * for writers nor makes them wait. Writers of one collection take turns.
 *
 * <p>A record takes four bytes a dimension and its metadata. The space of replaced and deleted
 * records is given back in blocks, once half of a block is unused.
 */
public final class ExactVectorStore implements VectorStore {
  private final ConcurrentMap<String, VectorCollection> collections = new ConcurrentHashMap<>();

  /** An empty store. */
  public ExactVectorStore() {}

  @Override
  public void upsert(String collection, Collection<VectorRecord> records) {
    List<VectorRecord> batch = List.copyOf(records);
    if (batch.isEmpty()) {
      return;
    }
    VectorCollection existing = collections.get(collection);
    int dimensions = existing == null ? batch.get(0).vector().length : existing.dimensions();
    for (VectorRecord record : batch) {
      requireDimensions(collection, dimensions, record.vector());
    }
    VectorCollection target =
        collections.computeIfAbsent(collection, name -> new VectorCollection(dimensions));
    // Another thread may have been first, with vectors of another length.
    requireDimensions(collection, target.dimensions(), batch.get(0).vector());
    target.upsert(batch);
  }

  @Override
  public int delete(String collection, Collection<String> ids) {
    VectorCollection target = collections.get(collection);
    return target == null ? 0 : target.delete(ids);
  }

  @Override
  public boolean drop(String collection) {
    return collections.remove(collection) != null;
  }

  @Override
  public List<VectorMatch> search(String collection, VectorQuery query) {
    VectorCollection target = collections.get(collection);
    if (target == null) {
      return List.of();
    }
    requireDimensions(collection, target.dimensions(), query.vector());
    return target.snapshot().search(query);
  }

  @Override
  public long count(String collection) {
    VectorCollection target = collections.get(collection);
    return target == null ? 0 : target.snapshot().live();
  }

  @Override
  public List<String> collections() {
    return collections.keySet().stream().sorted().toList();
  }

  private static void requireDimensions(String collection, int expected, float[] vector) {
    if (vector.length != expected) {
      throw new DimensionMismatchException(collection, expected, vector.length);
    }
  }
}
