package io.neuralbridge.jdbc;

import io.neuralbridge.jdbc.JdbcBackend.Pgvector;
import io.neuralbridge.vector.VectorStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who keeps new collections of vectors: decided when first asked, and then for good. */
final class VectorChoice implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(VectorChoice.class);

  private final Database database;
  private final boolean mayCreate;
  private final @Nullable Pgvector settings;
  private @Nullable VectorStore chosen;
  private @Nullable String obstacle;

  /**
   * @param mayCreate whether to install pgvector where that is possible
   * @param settings null to do without it
   */
  VectorChoice(Database database, boolean mayCreate, @Nullable Pgvector settings) {
    this.database = database;
    this.mayCreate = mayCreate;
    this.settings = settings;
  }

  /** With other settings. */
  VectorChoice with(@Nullable Pgvector other) {
    return new VectorChoice(database, mayCreate, other);
  }

  synchronized VectorStore get() {
    if (chosen == null) {
      chosen = choose();
    }
    return chosen;
  }

  private VectorStore choose() {
    if (settings == null) {
      return new JdbcVectorStore(database);
    }
    obstacle = PgvectorExtension.obstacle(database, mayCreate).orElse(null);
    if (obstacle != null) {
      log.info("Vectors are searched in this process's memory: {}", obstacle);
      return new JdbcVectorStore(database);
    }
    log.info("Vectors are searched by PostgreSQL, with pgvector");
    return new PgvectorStore(
        database, new JdbcVectorStore(database), settings, PgvectorIndexer.PAUSE);
  }

  /**
   * This, if pgvector is used.
   *
   * @throws DatabaseException if it cannot be
   */
  synchronized VectorChoice required() {
    if (get() instanceof PgvectorStore) {
      return this;
    }
    throw new DatabaseException(DatabaseException.UNUSABLE, "pgvector cannot be used: " + obstacle);
  }

  @Override
  public synchronized void close() {
    if (chosen instanceof PgvectorStore pgvector) {
      pgvector.close();
    }
  }
}
