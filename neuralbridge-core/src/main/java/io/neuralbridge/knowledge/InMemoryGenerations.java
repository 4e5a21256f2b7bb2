package io.neuralbridge.knowledge;

import io.neuralbridge.knowledge.Generation.State;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Generations in memory. Guarded by the store's lock. */
final class InMemoryGenerations implements GenerationStore {

  private final InMemoryKnowledgeStore store;
  private final InstantSource clock;
  private final NavigableMap<Long, Generation> generations = new TreeMap<>();
  private final Map<Long, Walk> walks = new HashMap<>();
  private long last = Generation.NONE;

  InMemoryGenerations(InMemoryKnowledgeStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public List<Generation> all() {
    synchronized (store) {
      return new ArrayList<>(generations.values());
    }
  }

  @Override
  public Generation activeOrNew(String modelId, int dimensions) {
    synchronized (store) {
      return active().orElseGet(() -> add(modelId, dimensions, State.ACTIVE));
    }
  }

  @Override
  public Generation buildingOrNew(String modelId, int dimensions) {
    synchronized (store) {
      return building().orElseGet(() -> add(modelId, dimensions, State.BUILDING));
    }
  }

  private Generation add(String modelId, int dimensions, State state) {
    Instant now = clock.instant();
    long id = ++last;
    Generation generation =
        new Generation(
            id,
            modelId,
            dimensions,
            Generation.collectionOf(id),
            state,
            false,
            now,
            state == State.ACTIVE ? now : null,
            null,
            null);
    generations.put(id, generation);
    walks.put(id, Walk.FIRST);
    return generation;
  }

  @Override
  public boolean activate(long id) {
    synchronized (store) {
      if (!is(id, State.BUILDING)) {
        return false;
      }
      active().ifPresent(old -> move(old.id(), State.RETIRED));
      return move(id, State.ACTIVE);
    }
  }

  @Override
  public boolean reopen(long id) {
    synchronized (store) {
      boolean possible = is(id, State.RETIRED) && building().isEmpty();
      if (possible) {
        walks.put(id, Walk.FIRST);
      }
      return possible && move(id, State.BUILDING);
    }
  }

  @Override
  public boolean cancel(long id) {
    synchronized (store) {
      return is(id, State.BUILDING) && move(id, State.RETIRED);
    }
  }

  @Override
  public boolean setPaused(long id, boolean paused) {
    synchronized (store) {
      return is(id, State.BUILDING)
          && change(id, g -> copy(g, g.state(), paused, g.activatedAt(), g.retiredAt(), g.error()));
    }
  }

  @Override
  public void setError(long id, @Nullable String error) {
    synchronized (store) {
      change(id, g -> copy(g, g.state(), g.paused(), g.activatedAt(), g.retiredAt(), error));
    }
  }

  @Override
  public Optional<Walk> walk(long id) {
    synchronized (store) {
      return Optional.ofNullable(walks.get(id));
    }
  }

  @Override
  public void saveWalk(long id, Walk walk) {
    synchronized (store) {
      walks.computeIfPresent(id, (key, before) -> walk);
    }
  }

  @Override
  public boolean forget(long id) {
    synchronized (store) {
      if (!is(id, State.RETIRED) || !store.ledger.isEmpty(id)) {
        return false;
      }
      walks.remove(id);
      return generations.remove(id) != null;
    }
  }

  boolean is(long id, State state) {
    Generation generation = generations.get(id);
    return generation != null && generation.state() == state;
  }

  boolean isLive(long id) {
    return is(id, State.BUILDING) || is(id, State.ACTIVE);
  }

  private boolean move(long id, State state) {
    Instant now = clock.instant();
    return change(
        id,
        g ->
            copy(
                g,
                state,
                false,
                state == State.ACTIVE ? now : g.activatedAt(),
                state == State.RETIRED ? now : null,
                null));
  }

  private boolean change(long id, UnaryOperator<Generation> change) {
    return generations.computeIfPresent(id, (key, before) -> change.apply(before)) != null;
  }

  private static Generation copy(
      Generation g,
      State state,
      boolean paused,
      @Nullable Instant activatedAt,
      @Nullable Instant retiredAt,
      @Nullable String error) {
    return new Generation(
        g.id(),
        g.modelId(),
        g.dimensions(),
        g.collection(),
        state,
        paused,
        g.createdAt(),
        activatedAt,
        retiredAt,
        error);
  }
}
