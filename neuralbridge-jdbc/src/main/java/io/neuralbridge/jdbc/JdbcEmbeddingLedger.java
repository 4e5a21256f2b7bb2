package io.neuralbridge.jdbc;

import io.neuralbridge.knowledge.Chunk;
import io.neuralbridge.knowledge.EmbeddingLedger;
import io.neuralbridge.knowledge.Generation;
import io.neuralbridge.knowledge.KnowledgeStats;
import io.neuralbridge.knowledge.LedgerEntry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A ledger in a database: every verb is one transaction. */
final class JdbcEmbeddingLedger implements EmbeddingLedger {

  private final Database database;

  JdbcEmbeddingLedger(Database database) {
    this.database = database;
  }

  @Override
  public List<Chunk> pending(long generation, String document, int after, int limit) {
    return database.runRepeatable(
        session -> LedgerReads.pending(session, generation, document, after, limit));
  }

  @Override
  public List<String> pendingDocuments(
      long generation, String after, @Nullable String to, int limit) {
    return database.run(
        session -> LedgerReads.pendingDocuments(session, generation, after, to, limit));
  }

  @Override
  public Set<String> embedded(long generation, Collection<String> chunkIds) {
    return database.run(session -> LedgerReads.embedded(session, generation, chunkIds));
  }

  // The vectors that follow make it lasting; without them it says nothing.
  @Override
  public boolean begin(long generation, Collection<String> chunkIds) {
    return database.runDeferred(session -> LedgerStatements.begin(session, generation, chunkIds));
  }

  @Override
  public Set<String> markEmbedded(long generation, Map<String, Integer> tokens) {
    return database.run(session -> database.dialect.markEmbedded(session, generation, tokens));
  }

  @Override
  public void markFailed(long generation, Map<String, String> errors) {
    database.runDeferred(session -> LedgerStatements.markFailed(session, generation, errors));
  }

  @Override
  public void forget(long generation, Collection<String> chunkIds) {
    database.run(session -> LedgerStatements.forget(session, generation, chunkIds));
  }

  @Override
  public Optional<String> forgetSome(long generation, String after, int limit) {
    return database.runDeferred(
        session -> LedgerStatements.forgetSome(session, generation, after, limit));
  }

  @Override
  public List<LedgerEntry> entries(
      Generation generation, String document, @Nullable LedgerEntry after, int limit) {
    return database.run(
        session -> LedgerReads.entries(session, generation, document, after, limit));
  }

  @Override
  public KnowledgeStats stats(long generation) {
    return database.run(session -> LedgerReads.stats(session, generation));
  }

  @Override
  public long lacking(long generation, long than) {
    return database.run(session -> LedgerReads.lacking(session, generation, than));
  }

  @Override
  public long embeddedWithin(long generation, Duration period) {
    return database.run(session -> LedgerReads.embeddedWithin(session, generation, period));
  }

  @Override
  public Marks marks(long generation) {
    return database.run(session -> LedgerReads.marks(session, generation));
  }
}
