package io.neuralbridge.jdbc;

import io.neuralbridge.knowledge.Chunk;
import io.neuralbridge.knowledge.Document;
import io.neuralbridge.knowledge.EmbeddingLedger;
import io.neuralbridge.knowledge.GenerationStore;
import io.neuralbridge.knowledge.KnowledgeStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A {@link KnowledgeStore} in a database: every verb is one transaction. Those that a kill may undo
 * are followed by one that lasts (a run by its completion), or are done again at no cost.
 */
final class JdbcKnowledgeStore implements KnowledgeStore {

  private final Database database;
  private final EmbeddingLedger ledger;
  private final GenerationStore generations;

  JdbcKnowledgeStore(Database database) {
    this.database = database;
    this.ledger = new JdbcEmbeddingLedger(database);
    this.generations = new JdbcGenerations(database);
  }

  @Override
  public long beginRun(String document) {
    return database.runDeferred(session -> DocumentStatements.beginRun(session, document));
  }

  @Override
  public int saveChunks(String document, long run, List<Chunk> chunks) {
    return database.runDeferred(
        session ->
            DocumentStatements.lockRun(session, document, run)
                ? ChunkStatements.save(session, run, chunks)
                : -1);
  }

  @Override
  public boolean completeRun(String document, long run, String fingerprint, int chunks) {
    return database.run(
        session -> DocumentStatements.completeRun(session, document, run, fingerprint, chunks));
  }

  @Override
  public Optional<Document> document(String name) {
    return database.run(session -> DocumentStatements.find(session, name));
  }

  @Override
  public List<Document> documents(String after, int limit) {
    return database.run(session -> DocumentStatements.list(session, after, limit));
  }

  @Override
  public OptionalLong discard(String document) {
    return database.run(session -> DocumentStatements.discard(session, document));
  }

  @Override
  public void removeDocument(String name, long run) {
    database.run(session -> DocumentStatements.delete(session, name, run));
  }

  @Override
  public Map<String, Chunk> chunks(Collection<String> ids) {
    if (ids.isEmpty()) {
      return Map.of();
    }
    return database.run(session -> ChunkStatements.find(session, ids)).stream()
        .collect(Collectors.toMap(Chunk::id, Function.identity()));
  }

  @Override
  public void markDocumentEmbedded(String document, long run) {
    database.runDeferred(session -> DocumentStatements.markEmbedded(session, document, run));
  }

  @Override
  public List<String> vanished(String document, int limit) {
    return database.run(session -> ChunkStatements.vanished(session, document, limit));
  }

  // Lasting: vectors may lie elsewhere, and their deletion is not undone with ours.
  @Override
  public List<String> giveUpVanished(String document, long run, int limit) {
    return database.run(
        session ->
            DocumentStatements.lockContent(session, document, run)
                ? ChunkStatements.giveUpVanished(session, document, limit)
                : List.of());
  }

  @Override
  public void removeVanished(String document, Collection<String> chunkIds) {
    if (!chunkIds.isEmpty()) {
      database.runDeferred(
          session -> {
            DocumentStatements.lockRow(session, document);
            return ChunkStatements.deleteVanished(session, document, chunkIds);
          });
    }
  }

  @Override
  public long lock(String document, long job, long insteadOf) {
    return database.runDeferred(
        session -> DocumentStatements.lock(session, document, job, insteadOf));
  }

  @Override
  public void unlock(String document, long job) {
    database.runDeferred(session -> DocumentStatements.unlock(session, document, job));
  }

  @Override
  public EmbeddingLedger ledger() {
    return ledger;
  }

  @Override
  public GenerationStore generations() {
    return generations;
  }
}
