package io.neuralbridge.knowledge;

import io.neuralbridge.cost.BudgetSpent;
import io.neuralbridge.cost.Costs;
import io.neuralbridge.embedding.EmbeddedTexts;
import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.embedding.EmbeddingRequest;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.embedding.RequestPacker;
import io.neuralbridge.embedding.SplittingEmbedder;
import io.neuralbridge.job.JobException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Embeds chunks into a generation: notes the intent, calls the model, stores the vectors, then
 * notes that they are there, so that a crash between repeats and never forgets. The only place that
 * calls a model for chunks.
 */
final class ChunkEmbedder {

  // Enough to keep a provider busy while others are stored; bounded, for all are in memory.
  private static final int REQUESTS_AT_ONCE = 16;
  private static final int MOST_AT_ONCE = 1_024;

  private final EmbeddingLedger ledger;
  private final GenerationModels models;
  private final ChunkResults results;
  private final Costs costs;
  private final Map<String, SplittingEmbedder> embedders = new ConcurrentHashMap<>();

  ChunkEmbedder(KnowledgeBase knowledge, Costs costs) {
    this.ledger = knowledge.store().ledger();
    this.models = knowledge.models();
    this.results = new ChunkResults(knowledge, costs);
    this.costs = costs;
  }

  /** How many chunks to bring at once, at least: whole requests, or the last is half full. */
  int batchSize(Generation generation) {
    int request = models.of(generation).maxBatchSize();
    return models.pipeline(generation).isEmpty()
        ? request
        : Math.max(request, Math.min(MOST_AT_ONCE, request * REQUESTS_AT_ONCE));
  }

  /** A chunk that could not be embedded. */
  record Failure(Chunk chunk, EmbeddingException error) {

    boolean isTooLarge() {
      return error.reason() == Reason.TOO_LARGE;
    }
  }

  /**
   * Embeds chunks into a generation by as few calls as the model's limits allow, and stores what
   * came of each call. Chunks that cannot be embedded are noted and the rest go on.
   *
   * @param chunks each once
   * @param cancelled whether the run is asked to end
   * @param begins told the chunks of a call before it
   * @throws JobException if the model takes no more calls, or a budget is spent; what is embedded
   *     is stored
   * @throws InterruptedException if the run is asked to end
   * @throws RuntimeException if what the model returns cannot be stored
   */
  List<Failure> embed(
      Generation generation,
      List<Chunk> chunks,
      BooleanSupplier cancelled,
      Consumer<List<Chunk>> begins)
      throws InterruptedException {
    Map<String, Optional<BudgetSpent>> spent = new HashMap<>();
    List<Chunk> allowed =
        chunks.stream().filter(chunk -> spent(generation, chunk, spent).isEmpty()).toList();
    Optional<EmbeddingPipeline> pipeline = models.pipeline(generation);
    List<Failure> failures =
        pipeline.isPresent()
            ? new PipelineRun(pipeline.get(), ledger, results, cancelled)
                .embed(generation, allowed, begins)
            : embedDirectly(generation, allowed, cancelled, begins);
    Optional<BudgetSpent> stop = spent.values().stream().flatMap(Optional::stream).findFirst();
    if (stop.isPresent()) {
      throw ProviderStops.because(stop.get(), costs.now());
    }
    return failures;
  }

  private Optional<BudgetSpent> spent(
      Generation generation, Chunk chunk, Map<String, Optional<BudgetSpent>> spent) {
    return spent.computeIfAbsent(
        ChunkResults.tenant(chunk), tenant -> costs.spent(generation.modelId(), tenant));
  }

  private List<Failure> embedDirectly(
      Generation generation,
      List<Chunk> chunks,
      BooleanSupplier cancelled,
      Consumer<List<Chunk>> begins)
      throws InterruptedException {
    SplittingEmbedder embedder = embedder(generation);
    RequestPacker.Packing packing =
        embedder.pack(chunks.stream().map(Chunk::embeddingText).toList());
    List<Failure> failures = new ArrayList<>();
    packing.refused().forEach((at, error) -> failures.add(new Failure(chunks.get(at), error)));
    if (!failures.isEmpty() && begin(generation, failures.stream().map(Failure::chunk).toList())) {
      results.noteFailures(generation, failures);
    }
    for (EmbeddingRequest request : packing.requests()) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("the run was asked to end");
      }
      List<Chunk> own = request.positions().stream().map(chunks::get).toList();
      begins.accept(own);
      if (!begin(generation, own)) {
        break;
      }
      EmbeddedTexts embedded = embedder.embed(request, InputType.DOCUMENT);
      failures.addAll(save(generation, own, embedded, cancelled));
    }
    return failures;
  }

  private SplittingEmbedder embedder(Generation generation) {
    EmbeddingModel model = models.of(generation);
    return embedders.computeIfAbsent(model.modelId(), id -> new SplittingEmbedder(model));
  }

  private boolean begin(Generation generation, List<Chunk> chunks) {
    return ledger.begin(generation.id(), chunks.stream().map(Chunk::id).toList());
  }

  private List<Failure> save(
      Generation generation, List<Chunk> chunks, EmbeddedTexts embedded, BooleanSupplier cancelled)
      throws InterruptedException {
    EmbeddingException stop = embedded.stop();
    if (stop != null && stop.reason() == Reason.INTERRUPTED) {
      // Stores must not be interrupted in turn: what is embedded is paid for.
      Thread.interrupted();
    }
    results.store(generation, chunks, embedded);
    List<Failure> failures = ChunkResults.failures(chunks, embedded.texts());
    // A run that is asked to end makes models fail; that is no text's fault.
    if (!failures.isEmpty() && cancelled.getAsBoolean()) {
      throw failures.get(0).error();
    }
    results.noteFailures(generation, failures);
    if (stop != null) {
      throw ProviderStops.because(stop);
    }
    return failures;
  }
}
