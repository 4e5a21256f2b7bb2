package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Pgvector;
import io.neuralbridge.vector.DimensionMismatchException;
import io.neuralbridge.vector.VectorMatch;
import io.neuralbridge.vector.VectorQuery;
import io.neuralbridge.vector.VectorRecord;
import io.neuralbridge.vector.VectorStore;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Vectors in PostgreSQL, searched there by the extension pgvector. Each collection has a table of
 * its own. Collections that were begun before the extension was there stay in the store that has
 * them, as does what pgvector is too small for.
 */
final class PgvectorStore implements VectorStore, AutoCloseable {

  private static final String UNDEFINED_TABLE = "42P01";
  private static final int MOST_EF = 1_000;
  private static final int MAX_TRIES = 3;

  private final Database database;
  private final VectorStore elsewhere;
  private final Pgvector settings;
  private final PgvectorIndexer indexer;

  PgvectorStore(Database database, VectorStore elsewhere, Pgvector settings, Duration pause) {
    this.database = database;
    this.elsewhere = elsewhere;
    this.settings = settings;
    this.indexer = new PgvectorIndexer(database, settings.indexFrom(), pause);
  }

  @Override
  public void upsert(String collection, Collection<VectorRecord> records) {
    List<VectorRecord> batch = List.copyOf(records);
    if (batch.isEmpty()) {
      return;
    }
    Optional<PgvectorTable> table = database.run(session -> upsert(session, collection, batch));
    if (table.isPresent()) {
      indexer.used(table.get(), batch.size());
    } else {
      elsewhere.upsert(collection, batch);
    }
  }

  /** Empty if the collection is elsewhere, or belongs there. */
  private static Optional<PgvectorTable> upsert(
      Session session, String collection, List<VectorRecord> batch) {
    Optional<PgvectorTable> known = PgvectorStatements.share(session, collection);
    int dimensions = known.map(PgvectorTable::dimensions).orElse(batch.get(0).vector().length);
    if (known.isPresent() ? !known.get().own() : dimensions > PgvectorTable.MOST_DIMENSIONS) {
      return Optional.empty();
    }
    for (VectorRecord record : batch) {
      requireDimensions(collection, dimensions, record.vector());
    }
    PgvectorTable table =
        known.orElseGet(() -> PgvectorStatements.create(session, collection, dimensions));
    PgvectorStatements.upsert(session, table, VectorStatements.lastOfEachId(batch));
    return Optional.of(table);
  }

  @Override
  public int delete(String collection, Collection<String> ids) {
    if (ids.isEmpty()) {
      return 0;
    }
    Optional<Integer> deleted =
        database.run(
            session ->
                PgvectorStatements.share(session, collection)
                    .filter(PgvectorTable::own)
                    .map(table -> PgvectorStatements.delete(session, table, ids)));
    return deleted.orElseGet(() -> elsewhere.delete(collection, ids));
  }

  @Override
  public boolean drop(String collection) {
    return database.run(session -> PgvectorStatements.drop(session, collection))
        || elsewhere.drop(collection);
  }

  @Override
  public List<VectorMatch> search(String collection, VectorQuery query) {
    int ef = Math.min(MOST_EF, Math.max(settings.efSearch(), query.k()));
    Found found =
        unlessDropped(() -> database.run(session -> search(session, collection, query, ef)));
    if (found.table() == null) {
      return elsewhere.search(collection, query);
    }
    indexer.used(found.table(), 0);
    return found.matches();
  }

  /**
   * @param table null if the collection is not here
   */
  private record Found(@Nullable PgvectorTable table, List<VectorMatch> matches) {}

  private static Found search(Session session, String collection, VectorQuery query, int ef) {
    PgvectorTable table =
        PgvectorStatements.findToSearch(session, collection, ef)
            .filter(PgvectorTable::own)
            .orElse(null);
    if (table == null) {
      return new Found(null, List.of());
    }
    requireDimensions(collection, table.dimensions(), query.vector());
    return new Found(table, PgvectorStatements.search(session, table, query));
  }

  @Override
  public long count(String collection) {
    Optional<Long> count =
        unlessDropped(
            () ->
                database.run(
                    session ->
                        PgvectorStatements.find(session, collection)
                            .filter(PgvectorTable::own)
                            .map(table -> PgvectorStatements.count(session, table))));
    return count.orElseGet(() -> elsewhere.count(collection));
  }

  @Override
  public List<String> collections() {
    return database.run(VectorStatements::names);
  }

  /** Repeats what found a collection that was dropped before its table was read. */
  private static <T> T unlessDropped(Supplier<T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (DatabaseException e) {
        SQLException cause = Database.sqlCause(e);
        if (tries == MAX_TRIES || cause == null || !UNDEFINED_TABLE.equals(cause.getSQLState())) {
          throw e;
        }
      }
    }
  }

  private static void requireDimensions(String collection, int expected, float[] vector) {
    if (vector.length != expected) {
      throw new DimensionMismatchException(collection, expected, vector.length);
    }
  }

  @Override
  public void close() {
    indexer.close();
  }
}
