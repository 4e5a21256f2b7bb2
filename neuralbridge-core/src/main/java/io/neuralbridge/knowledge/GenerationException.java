package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.job.JobException;

/** A generation that cannot be embedded into, searched or made active. {@link #code()} says why. */
public final class GenerationException extends JobException {

  private GenerationException(String code, String message) {
    super(code, message);
  }

  static GenerationException modelMissing(Generation generation) {
    return new GenerationException(
        "embedding_model_missing",
        "generation %d holds vectors of model '%s', which this knowledge base does not have: add it by KnowledgeBase.withModel(…), or embed everything by another model with EmbedJob.enqueueReprocessAll()"
            .formatted(generation.id(), generation.modelId()));
  }

  static GenerationException otherDimensions(Generation generation, EmbeddingModel model) {
    return new GenerationException(
        "embedding_model_missing",
        "generation %d holds vectors of %d dimensions, but model '%s' now makes %d: configure it as before, or embed everything anew with EmbedJob.enqueueReprocessAll()"
            .formatted(
                generation.id(), generation.dimensions(), model.modelId(), model.dimensions()));
  }

  static GenerationException notVerified(Generation generation, String why) {
    return new GenerationException(
        "generation_not_verified",
        "generation %d of model '%s' does not become active: %s; put it right and enqueueReprocessAll() again, or switch all the same by Generations.activate"
            .formatted(generation.id(), generation.modelId(), why));
  }

  static GenerationException incomplete(Generation generation, int failed, String first) {
    return new GenerationException(
        "embedding_incomplete",
        "%d chunks could not be embedded into generation %d; each keeps its error, the first is: %s"
            .formatted(failed, generation.id(), first));
  }

  static GenerationException noneToGoBackTo() {
    return new GenerationException(
        "no_generation",
        "there is no generation to go back to: none was active before, or it is deleted already");
  }

  static GenerationException busy(Generation building) {
    return new GenerationException(
        "generation_building",
        "generation %d is being built: let it end, or cancel it by Generations.cancel()"
            .formatted(building.id()));
  }
}
