package io.neuralbridge.knowledge;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link KnowledgeStore} in this process's memory: nothing outlives the process. Safe for use by
 * many threads.
 */
public final class InMemoryKnowledgeStore implements KnowledgeStore {

  private final InstantSource clock;
  final InMemoryGenerations generations;
  final InMemoryLedger ledger;
  private final NavigableMap<String, DocumentEntry> documents = new TreeMap<>();
  private final Map<String, DocumentEntry> owners = new HashMap<>();
  private long lastRun;

  public InMemoryKnowledgeStore() {
    this(InstantSource.system());
  }

  /** A store whose time is {@code clock}'s. */
  public InMemoryKnowledgeStore(InstantSource clock) {
    this.clock = clock;
    this.generations = new InMemoryGenerations(this, clock);
    this.ledger = new InMemoryLedger(this, clock);
  }

  @Override
  public synchronized long beginRun(String document) {
    DocumentEntry entry = documents.computeIfAbsent(document, name -> new DocumentEntry());
    entry.run = ++lastRun;
    return lastRun;
  }

  @Override
  public synchronized int saveChunks(String document, long run, List<Chunk> chunks) {
    DocumentEntry entry = documents.get(document);
    if (entry == null || entry.run != run) {
      return -1;
    }
    int added = 0;
    for (Chunk chunk : chunks) {
      added += entry.save(chunk) ? 1 : 0;
      owners.put(chunk.id(), entry);
    }
    return added;
  }

  @Override
  public synchronized boolean completeRun(
      String document, long run, String fingerprint, int chunks) {
    DocumentEntry entry = documents.get(document);
    if (entry == null || entry.run != run) {
      return false;
    }
    entry.complete = new Document(document, run, fingerprint, chunks, clock.instant(), null);
    return true;
  }

  @Override
  public synchronized Optional<Document> document(String name) {
    return entry(name).map(entry -> entry.complete);
  }

  @Override
  public synchronized List<Document> documents(String after, int limit) {
    return documents.tailMap(after, false).values().stream()
        .flatMap(entry -> Stream.ofNullable(entry.complete))
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized OptionalLong discard(String document) {
    if (!documents.containsKey(document)) {
      return OptionalLong.empty();
    }
    long run = beginRun(document);
    completeRun(document, run, "", 0);
    return OptionalLong.of(run);
  }

  @Override
  public synchronized void removeDocument(String name, long run) {
    entry(name)
        .filter(entry -> entry.run == run && entry.chunks.isEmpty())
        .ifPresent(entry -> documents.remove(name));
  }

  @Override
  public synchronized Map<String, Chunk> chunks(Collection<String> ids) {
    Map<String, Chunk> found = new HashMap<>();
    for (String id : ids) {
      DocumentEntry owner = owners.get(id);
      if (owner != null) {
        found.put(id, owner.chunk(id));
      }
    }
    return found;
  }

  @Override
  public synchronized void markDocumentEmbedded(String document, long run) {
    entry(document)
        .filter(entry -> entry.hasContentOf(run))
        .ifPresent(entry -> entry.markEmbedded(clock.instant()));
  }

  @Override
  public synchronized List<String> vanished(String document, int limit) {
    return entry(document).stream().flatMap(DocumentEntry::vanished).sorted().limit(limit).toList();
  }

  @Override
  public synchronized List<String> giveUpVanished(String document, long run, int limit) {
    List<String> vanished =
        entry(document).filter(entry -> entry.hasContentOf(run)).stream()
            .flatMap(DocumentEntry::vanished)
            .sorted()
            .limit(limit)
            .toList();
    generations.all().forEach(generation -> ledger.forget(generation.id(), vanished));
    return vanished;
  }

  @Override
  public synchronized void removeVanished(String document, Collection<String> chunkIds) {
    DocumentEntry entry = documents.get(document);
    if (entry == null) {
      return;
    }
    List<String> gone = entry.vanished().filter(chunkIds::contains).toList();
    gone.forEach(entry.chunks::remove);
    gone.forEach(owners::remove);
    generations.all().forEach(generation -> ledger.forget(generation.id(), gone));
  }

  @Override
  public synchronized long lock(String document, long job, long insteadOf) {
    DocumentEntry entry = documents.get(document);
    if (entry == null) {
      return job;
    }
    if (entry.lockedBy == NOBODY || entry.lockedBy == insteadOf) {
      entry.lockedBy = job;
    }
    return entry.lockedBy;
  }

  @Override
  public synchronized void unlock(String document, long job) {
    DocumentEntry entry = documents.get(document);
    if (entry != null && entry.lockedBy == job) {
      entry.lockedBy = NOBODY;
    }
  }

  @Override
  public EmbeddingLedger ledger() {
    return ledger;
  }

  @Override
  public GenerationStore generations() {
    return generations;
  }

  Stream<Document> complete() {
    return documents.values().stream().flatMap(entry -> Stream.ofNullable(entry.complete));
  }

  /** The chunks of all complete documents. */
  Stream<Chunk> current() {
    return documents.keySet().stream().flatMap(this::current);
  }

  Stream<Chunk> current(String document) {
    return entry(document).stream().flatMap(DocumentEntry::current);
  }

  boolean isThere(String chunkId) {
    return owners.containsKey(chunkId);
  }

  boolean isWanted(String chunkId) {
    DocumentEntry owner = owners.get(chunkId);
    return owner != null && !owner.hasVanished(chunkId);
  }

  private Optional<DocumentEntry> entry(String document) {
    return Optional.ofNullable(documents.get(document));
  }

  /** A document's row in memory. Guarded by the store's lock. */
  private static final class DocumentEntry {

    /** A chunk and the last run that had it. */
    record Held(Chunk chunk, long run) {}

    final Map<String, Held> chunks = new HashMap<>();
    long run;
    long lockedBy = NOBODY;
    @Nullable Document complete;

    boolean save(Chunk chunk) {
      Held before = chunks.get(chunk.id());
      chunks.put(chunk.id(), new Held(chunk, run));
      return before == null;
    }

    Chunk chunk(String id) {
      return Objects.requireNonNull(chunks.get(id), id).chunk();
    }

    boolean hasContentOf(long wanted) {
      return complete != null && complete.run() == wanted;
    }

    Stream<Chunk> current() {
      long from = complete == null ? Long.MAX_VALUE : complete.run();
      return chunks.values().stream().filter(held -> held.run() >= from).map(Held::chunk);
    }

    Stream<String> vanished() {
      return chunks.keySet().stream().filter(this::hasVanished);
    }

    boolean hasVanished(String id) {
      long from = complete == null ? 0 : complete.run();
      return Objects.requireNonNull(chunks.get(id), id).run() < from;
    }

    void markEmbedded(Instant at) {
      Document before = complete;
      if (before != null) {
        complete =
            new Document(
                before.name(),
                before.run(),
                before.fingerprint(),
                before.chunks(),
                before.ingestedAt(),
                at);
      }
    }
  }
}
