package io.neuralbridge.knowledge;

import io.neuralbridge.knowledge.Generation.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A ledger in memory. Guarded by the store's lock. */
final class InMemoryLedger implements EmbeddingLedger {

  private record Entry(
      EmbeddingStatus status,
      int tokens,
      int attempts,
      @Nullable String error,
      @Nullable Instant embeddedAt) {

    static final Entry NONE = new Entry(EmbeddingStatus.WAITING, 0, 0, null, null);

    boolean is(EmbeddingStatus wanted) {
      return status == wanted;
    }
  }

  private static final Comparator<Chunk> ORDER =
      Comparator.comparing(Chunk::position).thenComparing(Chunk::id);

  private final InMemoryKnowledgeStore store;
  private final InstantSource clock;
  private final Map<Long, Map<String, Entry>> generations = new HashMap<>();

  InMemoryLedger(InMemoryKnowledgeStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  private Map<String, Entry> of(long generation) {
    return generations.getOrDefault(generation, Map.of());
  }

  private Entry entry(long generation, String chunkId) {
    return of(generation).getOrDefault(chunkId, Entry.NONE);
  }

  private boolean isPending(long generation, Chunk chunk) {
    return !entry(generation, chunk.id()).is(EmbeddingStatus.EMBEDDED);
  }

  @Override
  public List<Chunk> pending(long generation, String document, int after, int limit) {
    synchronized (store) {
      return store
          .current(document)
          .filter(chunk -> chunk.position() > after && isPending(generation, chunk))
          .sorted(ORDER)
          .limit(limit)
          .toList();
    }
  }

  @Override
  public List<String> pendingDocuments(
      long generation, String after, @Nullable String to, int limit) {
    synchronized (store) {
      return store
          .complete()
          .map(Document::name)
          .filter(name -> name.compareTo(after) > 0 && (to == null || name.compareTo(to) <= 0))
          .filter(name -> store.current(name).anyMatch(chunk -> isPending(generation, chunk)))
          .limit(limit)
          .toList();
    }
  }

  @Override
  public Set<String> embedded(long generation, Collection<String> chunkIds) {
    synchronized (store) {
      Set<String> embedded = new HashSet<>(chunkIds);
      embedded.removeIf(id -> !entry(generation, id).is(EmbeddingStatus.EMBEDDED));
      return embedded;
    }
  }

  @Override
  public boolean begin(long generation, Collection<String> chunkIds) {
    synchronized (store) {
      if (!store.generations.isLive(generation)) {
        return false;
      }
      Map<String, Entry> entries = generations.computeIfAbsent(generation, id -> new HashMap<>());
      for (String id : chunkIds) {
        if (store.isThere(id)) {
          int attempts = entry(generation, id).attempts() + 1;
          entries.put(id, new Entry(EmbeddingStatus.IN_PROGRESS, 0, attempts, null, null));
        }
      }
      return true;
    }
  }

  @Override
  public Set<String> markEmbedded(long generation, Map<String, Integer> tokens) {
    synchronized (store) {
      Map<String, Entry> entries = of(generation);
      Set<String> marked = new HashSet<>();
      tokens.forEach(
          (id, count) -> {
            Entry begun = entries.get(id);
            if (begun != null && store.isWanted(id)) {
              entries.put(
                  id,
                  new Entry(
                      EmbeddingStatus.EMBEDDED, count, begun.attempts(), null, clock.instant()));
              marked.add(id);
            }
          });
      return marked;
    }
  }

  @Override
  public void markFailed(long generation, Map<String, String> errors) {
    synchronized (store) {
      Map<String, Entry> entries = of(generation);
      errors.forEach(
          (id, error) -> {
            Entry begun = entries.get(id);
            if (begun != null && !begun.is(EmbeddingStatus.EMBEDDED)) {
              entries.put(id, new Entry(EmbeddingStatus.FAILED, 0, begun.attempts(), error, null));
            }
          });
    }
  }

  @Override
  public void forget(long generation, Collection<String> chunkIds) {
    synchronized (store) {
      Map<String, Entry> entries = generations.get(generation);
      if (entries != null) {
        chunkIds.forEach(entries::remove);
      }
    }
  }

  @Override
  public Optional<String> forgetSome(long generation, String after, int limit) {
    synchronized (store) {
      if (!store.generations.is(generation, State.RETIRED)) {
        return Optional.empty();
      }
      List<String> some =
          of(generation).keySet().stream()
              .filter(id -> id.compareTo(after) > 0)
              .sorted()
              .limit(limit)
              .toList();
      forget(generation, some);
      return some.stream().reduce((first, second) -> second);
    }
  }

  boolean isEmpty(long generation) {
    return of(generation).isEmpty();
  }

  @Override
  public List<LedgerEntry> entries(
      Generation generation, String document, @Nullable LedgerEntry after, int limit) {
    synchronized (store) {
      return store
          .current(document)
          .sorted(ORDER)
          .filter(chunk -> after == null || follows(chunk, after))
          .limit(limit)
          .map(chunk -> toEntry(generation, chunk))
          .toList();
    }
  }

  private static boolean follows(Chunk chunk, LedgerEntry after) {
    return chunk.position() > after.position()
        || (chunk.position() == after.position() && chunk.id().compareTo(after.chunkId()) > 0);
  }

  private LedgerEntry toEntry(Generation generation, Chunk chunk) {
    Entry entry = entry(generation.id(), chunk.id());
    return new LedgerEntry(
        chunk.id(),
        chunk.document(),
        chunk.position(),
        chunk.contentHash(),
        generation.id(),
        generation.modelId(),
        entry.status(),
        entry.tokens(),
        entry.attempts(),
        entry.error(),
        entry.embeddedAt());
  }

  @Override
  public KnowledgeStats stats(long generation) {
    synchronized (store) {
      List<Entry> entries = store.current().map(chunk -> entry(generation, chunk.id())).toList();
      return new KnowledgeStats(
          store.complete().count(),
          entries.size(),
          count(entries.stream(), EmbeddingStatus.EMBEDDED),
          count(entries.stream(), EmbeddingStatus.FAILED),
          entries.stream().mapToLong(Entry::tokens).sum());
    }
  }

  private static long count(Stream<Entry> entries, EmbeddingStatus status) {
    return entries.filter(entry -> entry.is(status)).count();
  }

  @Override
  public long lacking(long generation, long than) {
    synchronized (store) {
      return store
          .current()
          .filter(chunk -> isPending(generation, chunk) && !isPending(than, chunk))
          .count();
    }
  }

  @Override
  public long embeddedWithin(long generation, Duration period) {
    synchronized (store) {
      Instant from = clock.instant().minus(period);
      return of(generation).values().stream()
          .map(Entry::embeddedAt)
          .filter(at -> at != null && at.isAfter(from))
          .count();
    }
  }

  @Override
  public Marks marks(long generation) {
    synchronized (store) {
      return new Marks(
          count(of(generation).values().stream(), EmbeddingStatus.EMBEDDED),
          count(of(generation).values().stream(), EmbeddingStatus.IN_PROGRESS));
    }
  }
}
