package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.ModelRetirement;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.ModelCheckArgs;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the providers of all models whether they will be shut down, and warns in the log. */
final class ModelCheckWorker implements Worker<ModelCheckArgs> {

  private static final Logger log = LoggerFactory.getLogger(ModelCheckWorker.class);

  private final GenerationModels models;

  ModelCheckWorker(GenerationModels models) {
    this.models = models;
  }

  @Override
  public JobType<ModelCheckArgs> type() {
    return EmbedJob.MODEL_CHECK;
  }

  // The result: the day by model, for those that have one.
  @Override
  public Outcome work(JobContext<ModelCheckArgs> context) {
    Map<String, String> ends = new TreeMap<>();
    EmbeddingException failure = null;
    for (EmbeddingModel model : models.all()) {
      try {
        model.retirement().ifPresent(end -> warn(model, end, ends));
      } catch (EmbeddingException e) {
        log.warn("Model {} cannot be asked how long it will be there", model.modelId(), e);
        failure = failure == null ? e : failure;
      }
    }
    return outcome(ends, failure);
  }

  private static Outcome outcome(Map<String, String> ends, @Nullable EmbeddingException failure) {
    return Optional.ofNullable(failure)
        .map(e -> Outcome.failed(ProviderStops.failed(e)))
        .orElseGet(() -> Outcome.completed(ends));
  }

  private static void warn(EmbeddingModel model, ModelRetirement end, Map<String, String> ends) {
    ends.put(model.modelId(), end.at().toString());
    String replacement = end.replacement();
    log.warn(
        "Model {} will be shut down at {}{}: configure another one and run enqueueReprocessAll() before",
        model.modelId(),
        end.at(),
        replacement == null ? "" : ", its provider recommends " + replacement);
  }
}
