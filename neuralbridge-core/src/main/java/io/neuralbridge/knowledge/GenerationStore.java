package io.neuralbridge.knowledge;

import io.neuralbridge.knowledge.Generation.State;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The generations of a {@link KnowledgeStore}: one active at most, one building at most, any number
 * retired. This is an SPI. Of several threads or nodes that change the same, one wins; the others
 * are told {@code false}, or what is there.
 */
public interface GenerationStore {

  /** All that are not forgotten, oldest first. */
  List<Generation> all();

  default Optional<Generation> find(long id) {
    return all().stream().filter(generation -> generation.id() == id).findFirst();
  }

  default Optional<Generation> active() {
    return in(State.ACTIVE);
  }

  default Optional<Generation> building() {
    return in(State.BUILDING);
  }

  private Optional<Generation> in(State state) {
    return all().stream().filter(generation -> generation.state() == state).findFirst();
  }

  /** The active generation, whatever its model; a new one of this model if there is none. */
  Generation activeOrNew(String modelId, int dimensions);

  /** The building generation, whatever its model; a new one of this model if there is none. */
  Generation buildingOrNew(String modelId, int dimensions);

  /**
   * Retires the active generation and makes a building one active, both at once.
   *
   * @return {@code false} if it is not building
   */
  boolean activate(long id);

  /**
   * Makes a retired generation building again.
   *
   * @return {@code false} if it is not retired, or another one is building
   */
  boolean reopen(long id);

  /**
   * Retires a building generation.
   *
   * @return {@code false} if it is not building
   */
  boolean cancel(long id);

  /**
   * Stops or goes on with building.
   *
   * @return {@code false} if it is not building
   */
  boolean setPaused(long id, boolean paused);

  /** Notes why a generation could not become active; null for no reason any more. */
  void setError(long id, @Nullable String error);

  /** How far the last walk over all documents is; empty if there is no such generation. */
  Optional<Walk> walk(long id);

  void saveWalk(long id, Walk walk);

  /**
   * Forgets a retired generation that has no entries in the ledger.
   *
   * @return {@code false} if it is not retired, or has entries
   */
  boolean forget(long id);

  /**
   * One walk over all documents, to embed into a generation what it lacks.
   *
   * @param after the last document that is dealt with; null when the walk is over
   * @param embeddedBefore how many chunks the generation had when it began, -1 for a first walk
   */
  record Walk(@Nullable String after, long embeddedBefore) {

    static final Walk FIRST = new Walk("", -1);

    boolean isOver() {
      return after == null;
    }
  }
}
