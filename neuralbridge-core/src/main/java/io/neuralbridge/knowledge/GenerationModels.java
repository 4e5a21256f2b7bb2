package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.InputType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models of a knowledge base, and which generation each of them embeds into. Immutable. */
final class GenerationModels {

  private final EmbeddingModel primary;
  private final Map<String, EmbeddingModel> byId;

  GenerationModels(EmbeddingModel primary) {
    this(primary, Map.of(primary.modelId(), primary));
  }

  private GenerationModels(EmbeddingModel primary, Map<String, EmbeddingModel> byId) {
    this.primary = primary;
    this.byId = byId;
  }

  GenerationModels with(EmbeddingModel older) {
    Map<String, EmbeddingModel> more = new LinkedHashMap<>(byId);
    if (more.putIfAbsent(older.modelId(), older) != null) {
      throw new IllegalArgumentException(
          "there is a model '%s' already; each model needs an id of its own"
              .formatted(older.modelId()));
    }
    return new GenerationModels(primary, more);
  }

  EmbeddingModel primary() {
    return primary;
  }

  boolean has(Generation generation) {
    EmbeddingModel model = byId.get(generation.modelId());
    return model != null && model.dimensions() == generation.dimensions();
  }

  /**
   * The model of a generation.
   *
   * @throws GenerationException if it is not here
   */
  EmbeddingModel of(Generation generation) {
    EmbeddingModel model = byId.get(generation.modelId());
    if (model == null) {
      throw GenerationException.modelMissing(generation);
    }
    if (model.dimensions() != generation.dimensions()) {
      throw GenerationException.otherDimensions(generation, model);
    }
    return model;
  }

  /** A query's vector, to be compared with those of a generation. */
  float[] query(Generation generation, String query) {
    return of(generation).embed(List.of(query), InputType.QUERY).vectors().get(0);
  }

  /**
   * The generations that chunks are embedded into, the active one first; one of the primary model
   * is made active if there is none yet. A generation whose building is paused, or whose model is
   * not here, is left out: a walk over all documents makes up for it.
   *
   * @throws GenerationException if that leaves none
   */
  List<Generation> targets(GenerationStore generations) {
    Generation active = generations.activeOrNew(primary.modelId(), primary.dimensions());
    Optional<Generation> building = generations.building().filter(this::has);
    if (building.isEmpty()) {
      of(active);
      return List.of(active);
    }
    if (!has(active)) {
      return List.of(building.get());
    }
    return building.get().paused() ? List.of(active) : List.of(active, building.get());
  }
}
