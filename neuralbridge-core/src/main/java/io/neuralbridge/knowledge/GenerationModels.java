package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Failed;
import io.neuralbridge.embedding.EmbeddedTexts;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.embedding.InputType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The models of a knowledge base, and which generation each of them embeds into. Immutable. */
final class GenerationModels {

  private final EmbeddingModel primary;
  private final Map<String, EmbeddingModel> byId;
  private final Map<String, EmbeddingPipeline> pipelines;

  GenerationModels(EmbeddingModel primary) {
    this(primary, Map.of(primary.modelId(), primary), Map.of());
  }

  private GenerationModels(
      EmbeddingModel primary,
      Map<String, EmbeddingModel> byId,
      Map<String, EmbeddingPipeline> pipelines) {
    this.primary = primary;
    this.byId = byId;
    this.pipelines = pipelines;
  }

  GenerationModels with(EmbeddingModel older) {
    Map<String, EmbeddingModel> more = new LinkedHashMap<>(byId);
    if (more.putIfAbsent(older.modelId(), older) != null) {
      throw new IllegalArgumentException(
          "there is a model '%s' already; each model needs an id of its own"
              .formatted(older.modelId()));
    }
    return new GenerationModels(primary, more, pipelines);
  }

  GenerationModels with(EmbeddingPipeline pipeline) {
    EmbeddingModel front = pipeline.model();
    EmbeddingModel model = byId.get(front.modelId());
    if (model == null || model.dimensions() != front.dimensions()) {
      throw new IllegalArgumentException(
          "the pipeline is in front of model '%s' of %d dimensions, and this knowledge base has %s: build the pipeline with the same model"
              .formatted(front.modelId(), front.dimensions(), byId.keySet()));
    }
    Map<String, EmbeddingPipeline> more = new LinkedHashMap<>(pipelines);
    more.put(front.modelId(), pipeline);
    return new GenerationModels(primary, byId, more);
  }

  EmbeddingModel primary() {
    return primary;
  }

  /** All of them, the primary one among them. */
  Collection<EmbeddingModel> all() {
    return byId.values();
  }

  Collection<EmbeddingPipeline> pipelines() {
    return pipelines.values();
  }

  /**
   * What stands before the model of a generation; empty if it is called directly.
   *
   * @throws GenerationException if the model is not here
   */
  Optional<EmbeddingPipeline> pipeline(Generation generation) {
    return Optional.ofNullable(pipelines.get(of(generation).modelId()));
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
    EmbeddingModel model = of(generation);
    Optional<EmbeddingPipeline> pipeline = pipeline(generation);
    if (pipeline.isEmpty()) {
      return model.embed(List.of(query), InputType.QUERY).vectors().get(0);
    }
    EmbeddedTexts embedded = pipeline.get().embed(List.of(query), InputType.QUERY);
    if (embedded.texts().get(0) instanceof Embedded text) {
      return text.vector();
    }
    if (embedded.texts().get(0) instanceof Failed failed) {
      throw failed.error();
    }
    throw Objects.requireNonNull(embedded.stop(), "a query that was not tried has a reason");
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
