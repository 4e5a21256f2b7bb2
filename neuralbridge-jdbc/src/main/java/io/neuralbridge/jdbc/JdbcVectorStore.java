package io.neuralbridge.jdbc;

import io.neuralbridge.vector.DimensionMismatchException;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Vectors in a database, searched exactly in this process's memory. The first search of a
 * collection loads it whole; each later one first reads what changed since, wherever it was
 * written.
 */
final class JdbcVectorStore implements VectorStore {

  private final Database database;
  private final Map<String, VectorMirror> mirrors = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();

  JdbcVectorStore(Database database) {
    this.database = database;
  }

  @Override
  public void upsert(String collection, Collection<VectorRecord> records) {
    List<VectorRecord> batch = List.copyOf(records);
    if (batch.isEmpty()) {
      return;
    }
    int dimensions = batch.get(0).vector().length;
    write(
        collection,
        session -> {
          CollectionRow row = VectorStatements.lockOrCreate(session, collection, dimensions);
          batch.forEach(one -> requireDimensions(row, one.vector()));
          return VectorStatements.upsert(session, row, batch);
        });
    database.makeLasting();
  }

  @Override
  public int delete(String collection, Collection<String> ids) {
    if (ids.isEmpty()) {
      return 0;
    }
    return write(
        collection,
        session ->
            VectorStatements.lock(session, collection)
                .map(row -> VectorStatements.delete(session, row, ids))
                .orElse(0));
  }

  // Writers of a collection take turns in any case; here they wait for less than a database's lock
  // costs, and not for
  // each other's checkpoint.
  private <T> T write(String collection, Function<Session, T> work) {
    ReentrantLock turn = turns.computeIfAbsent(collection, name -> new ReentrantLock(true));
    turn.lock();
    try {
      return database.runDeferred(work);
    } finally {
      turn.unlock();
    }
  }

  @Override
  public boolean drop(String collection) {
    mirrors.remove(collection);
    return database.run(session -> VectorStatements.drop(session, collection));
  }

  @Override
  public List<VectorMatch> search(String collection, VectorQuery query) {
    Optional<CollectionRow> row =
        database.run(session -> VectorStatements.find(session, collection));
    if (row.isEmpty()) {
      mirrors.remove(collection);
      return List.of();
    }
    requireDimensions(row.get(), query.vector());
    return mirror(row.get()).search(row.get(), query);
  }

  @Override
  public long count(String collection) {
    return database.run(session -> VectorStatements.count(session, collection));
  }

  @Override
  public List<String> collections() {
    return database.run(VectorStatements::names);
  }

  private VectorMirror mirror(CollectionRow row) {
    return mirrors.compute(
        row.name(),
        (name, mirror) ->
            mirror != null && mirror.isOf(row) ? mirror : new VectorMirror(database, row));
  }

  private static void requireDimensions(CollectionRow row, float[] vector) {
    if (vector.length != row.dimensions()) {
      throw new DimensionMismatchException(row.name(), row.dimensions(), vector.length);
    }
  }

  /**
   * A collection's row.
   *
   * @param id new each time that a collection of the name is made
   * @param revision that of the last write; a writer has the lock and its own
   */
  record CollectionRow(long id, String name, int dimensions, long revision) {}
}
