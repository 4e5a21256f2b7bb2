package io.neuralbridge.jdbc;

import io.neuralbridge.cost.UsageStore;
import io.neuralbridge.embedding.EmbeddingCache;
import io.neuralbridge.embedding.RateBuckets;
import io.neuralbridge.job.Inserter;
import io.neuralbridge.knowledge.KnowledgeStore;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.WakeUps;
import io.neuralbridge.schedule.Scheduler;
import io.neuralbridge.vector.VectorStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What NeuralBridge stores, in a database: PostgreSQL 14 or later for production, H2 where no
 * server is wanted. All instants are the database's clock.
 *
 * <p>Opening one makes or updates its tables (all named {@code nb_…}, in the connection's default
 * schema) unless {@link Migration#NONE} says otherwise. Their versions are kept in {@code
 * neuralbridge_schema_history}, apart from any Flyway history that the host keeps in the same
 * schema. A host whose own Flyway runs after this on a schema that it has not touched yet must set
 * {@code baselineOnMigrate}.
 *
 * <p>Safe for use by many threads. Methods throw {@link DatabaseException}.
 */
public final class JdbcBackend implements AutoCloseable {

  /** Who makes the tables. */
  public enum Migration {
    /** This library, with Flyway, when it opens. */
    APPLY,
    /** The host, from {@link JdbcBackend#schemaSql}; opening checks that they are there. */
    NONE
  }

  /**
   * How pgvector is used.
   *
   * @param indexFrom how many rows a collection must have to get an index (HNSW), which finds
   *     nearly all of the nearest; smaller ones are compared one by one. At least 1; 10,000 by
   *     default; {@link Integer#MAX_VALUE} for no index
   * @param efSearch how many candidates a search keeps in an index, at least as many as it is asked
   *     for: more finds more and takes longer. 1 to 1,000; 100 by default
   */
  public record Pgvector(int indexFrom, int efSearch) {

    /** What {@link JdbcBackend#vectors} uses. */
    public static final Pgvector DEFAULT = new Pgvector(10_000, 100);

    public Pgvector {
      if (indexFrom < 1) {
        throw new IllegalArgumentException("indexFrom must be at least 1: " + indexFrom);
      }
      if (efSearch < 1 || efSearch > 1_000) {
        throw new IllegalArgumentException("efSearch must be 1 to 1,000: " + efSearch);
      }
    }

    /** The same with another {@link #indexFrom}. */
    public Pgvector indexFrom(int rows) {
      return new Pgvector(rows, efSearch);
    }

    /** The same with another {@link #efSearch}. */
    public Pgvector efSearch(int candidates) {
      return new Pgvector(indexFrom, candidates);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(JdbcBackend.class);
  private static final List<String> DATABASES = List.of("postgresql", "h2");

  private final Database database;
  private final Queue queue;
  private final Scheduler scheduler;
  private final KnowledgeStore knowledge;
  private final UsageStore usage;
  private final WakeUps wakeUps;
  private final VectorChoice vectors;
  private final @Nullable EmbeddedDatabase owned;

  private JdbcBackend(
      Database database, WakeUps wakeUps, VectorChoice vectors, @Nullable EmbeddedDatabase owned) {
    this.database = database;
    this.wakeUps = wakeUps;
    this.vectors = vectors;
    this.queue = new JdbcQueue(database, wakeUps);
    this.scheduler = new JdbcScheduler(database);
    this.knowledge = new JdbcKnowledgeStore(database);
    this.usage = new JdbcUsageStore(database);
    this.owned = owned;
  }

  /**
   * An H2 database in a file, for one process at a time. What a call has stored survives the death
   * of the process.
   *
   * @param file the file, made with its folders if missing; H2 appends {@code .mv.db}
   * @throws DatabaseException with {@link DatabaseException#LOCKED} if another process has it open,
   *     with {@link DatabaseException#UNUSABLE} if it cannot be read and written
   */
  public static JdbcBackend embedded(Path file) {
    return owning(EmbeddedDatabase.file(file));
  }

  /** An H2 database in memory, gone when it is closed. */
  public static JdbcBackend inMemory() {
    return owning(EmbeddedDatabase.inMemory());
  }

  /**
   * The database behind a data source, which stays the caller's to close.
   *
   * <p>A node needs a connection for a moment every few seconds to say that it lives. Where others
   * hold all connections of the pool for longer than its lease, its jobs run again elsewhere.
   */
  public static JdbcBackend of(DataSource dataSource) {
    return of(dataSource, Migration.APPLY);
  }

  /**
   * The database behind a data source, which stays the caller's to close.
   *
   * @throws DatabaseException with {@link DatabaseException#SCHEMA} if the tables are missing or
   *     cannot be made, with {@link DatabaseException#UNUSABLE} if it is neither PostgreSQL nor H2
   */
  public static JdbcBackend of(DataSource dataSource, Migration migration) {
    return of(dataSource, migration, null);
  }

  static JdbcBackend of(DataSource dataSource, Migration migration, @Nullable InstantSource clock) {
    Database database = open(dataSource, migration, clock);
    return new JdbcBackend(
        database,
        database.dialect.wakeUps(database, dataSource),
        new VectorChoice(database, migration == Migration.APPLY, Pgvector.DEFAULT),
        null);
  }

  private static JdbcBackend owning(EmbeddedDatabase embedded) {
    try {
      Database database = open(embedded.dataSource(), Migration.APPLY, null);
      // Having the file proves that no other process lives: their jobs need not wait until that
      // shows.
      database.run(NodeStatements::buryAll);
      return new JdbcBackend(
          database, WakeUps.NONE, new VectorChoice(database, false, null), embedded);
    } catch (RuntimeException e) {
      embedded.close();
      throw e;
    }
  }

  private static Database open(
      DataSource dataSource, Migration migration, @Nullable InstantSource clock) {
    Probe probe = probe(dataSource);
    Database database =
        new Database(dataSource, probe.dialect(), clock, probe.isolate(), probe.checkpoint());
    database.run(
        session -> {
          database.dialect.verify(session);
          return true;
        });
    if (migration == Migration.APPLY) {
      Migrations.apply(dataSource, database);
    }
    Migrations.check(database);
    return database;
  }

  private record Probe(Dialect dialect, boolean isolate, boolean checkpoint) {}

  private static Probe probe(DataSource dataSource) {
    try (Connection connection = dataSource.getConnection()) {
      String url = String.valueOf(connection.getMetaData().getURL());
      if (url.startsWith("jdbc:h2:mem:") && !url.contains(EmbeddedDatabase.OWN_MEMORY)) {
        log.warn("The database {} is in memory: jobs and knowledge end with this process", url);
      }
      return new Probe(
          dialect(connection.getMetaData().getDatabaseProductName()),
          connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED,
          mayCheckpoint(connection, url));
    } catch (SQLException e) {
      throw new DatabaseException(
          DatabaseException.UNAVAILABLE, "no connection: " + e.getMessage(), e);
    }
  }

  private static boolean mayCheckpoint(Connection connection, String url) {
    if (!url.startsWith("jdbc:h2:") || url.matches("jdbc:h2:(mem|tcp|ssl|zip):.*")) {
      return false;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
      return true;
    } catch (SQLException e) {
      log.warn(
          "This user may not CHECKPOINT the database {}: if the process is killed, the last half second of what it stored may be lost",
          url);
      return false;
    }
  }

  private static Dialect dialect(String product) {
    return switch (product) {
      case "PostgreSQL" -> new PostgresDialect();
      case "H2" -> new H2Dialect();
      default ->
          throw new DatabaseException(
              DatabaseException.UNUSABLE,
              "%s is not supported; use PostgreSQL or H2".formatted(product));
    };
  }

  /**
   * The statements that make the tables, for a host that applies them with its own tool.
   *
   * @param database {@code "postgresql"} or {@code "h2"}; {@code "pgvector"} for what installs
   *     pgvector, with what {@link #vectors} does later in its comments
   */
  public static String schemaSql(String database) {
    if (database.toLowerCase(Locale.ROOT).equals("pgvector")) {
      return PgvectorSchema.SQL;
    }
    if (!DATABASES.contains(database.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "no schema for '%s'; there is one for %s"
              .formatted(database, String.join(" and ", DATABASES)));
    }
    return Migrations.sql(database.toLowerCase(Locale.ROOT));
  }

  /**
   * The same database without LISTEN and NOTIFY (PostgreSQL): jobs of other processes are then
   * found by polling alone. For poolers in transaction mode, and for pools whose every connection
   * counts: otherwise each bridge that is started keeps one of them, provided that the pool has
   * another.
   */
  public JdbcBackend withoutNotifications() {
    return new JdbcBackend(database, WakeUps.NONE, vectors, owned);
  }

  /**
   * The same database with pgvector, and other settings for it than {@link Pgvector#DEFAULT}.
   *
   * @throws DatabaseException with {@link DatabaseException#UNUSABLE} and the reason if pgvector
   *     cannot be used
   */
  public JdbcBackend withPgvector(Pgvector settings) {
    return new JdbcBackend(database, wakeUps, vectors.with(settings).required(), owned);
  }

  /**
   * The same database without pgvector. Collections that are kept by it are refused with {@link
   * DatabaseException#UNUSABLE}.
   */
  public JdbcBackend withoutPgvector() {
    return new JdbcBackend(database, wakeUps, vectors.with(null), owned);
  }

  /** The store of jobs. */
  public Queue queue() {
    return queue;
  }

  /**
   * Lets jobs be stored in a transaction of the caller's, for {@code bridge.using(…)}: they are
   * there when it commits, and were never there when it rolls back. The transaction stays the
   * caller's: it is not ended, not tried again after a failure, and nothing is set on it. Its
   * database must be this one, with the tables on its search path.
   *
   * <p>A unique key that it takes, or finds taken, is locked until it ends: others who want that
   * key wait. Keep it short. On H2 in a file a commit of the caller's may be lost if the process is
   * killed within half a second.
   *
   * @param connection for one thread at a time; not closed
   * @throws IllegalArgumentException if the connection is in auto-commit mode
   */
  public Inserter inTransaction(Connection connection) {
    return new CallersTransaction(database, connection);
  }

  /** The same, in the transaction that a Jdbi handle has begun. */
  public Inserter inTransaction(Handle handle) {
    return inTransaction(handle.getConnection());
  }

  /** The store of recurring jobs, which go into {@link #queue}. */
  public Scheduler scheduler() {
    return scheduler;
  }

  /** The store of documents and chunks. */
  public KnowledgeStore knowledge() {
    return knowledge;
  }

  /**
   * The store of vectors. Where it keeps new collections is decided, and logged, when this is
   * called for the first time:
   *
   * <ul>
   *   <li>By pgvector 0.8 or later where PostgreSQL has it: each in a table of its own, searched by
   *       the database; from {@link Pgvector#indexFrom} rows on with an index, which is built in
   *       the background over one of the pool's connections. Up to 4,000 dimensions can be indexed
   *       (above 2,000 in half precision; what it finds is then ordered by full precision); longer
   *       vectors are compared one by one. The extension is installed if this backend may migrate
   *       and its user may; the user needs CREATE on the schema.
   *   <li>Else in this process's memory, which holds each collection that it has searched: about 4
   *       bytes a vector and dimension. Exact, for up to some 100,000 vectors.
   * </ul>
   *
   * <p>Collections stay where they are; a model's next generation goes where new ones go. Metadata
   * lose characters that PostgreSQL cannot store: NUL and halves of surrogates become U+FFFD.
   */
  public VectorStore vectors() {
    return vectors.get();
  }

  /** The store of what embedding used and cost. */
  public UsageStore usage() {
    return usage;
  }

  /** The vectors that were paid for: the second tier of an embedding pipeline's cache. */
  public EmbeddingCache embeddingCache() {
    return new JdbcEmbeddingCache(database);
  }

  /** What may be sent to providers, by all nodes on this database together. */
  public RateBuckets rateBuckets() {
    return new JdbcRateBuckets(database);
  }

  /** Closes what this opened: an embedded database, never a caller's data source. */
  @Override
  public void close() {
    vectors.close();
    if (owned != null) {
      owned.close();
    }
  }
}
