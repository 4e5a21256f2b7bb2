package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddedTexts;
import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingPipeline;
import io.neuralbridge.embedding.InputType;
import io.neuralbridge.knowledge.ChunkEmbedder.Failure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Chunks on their way through a pipeline: all are handed over at once, a request's worth at a time,
 * and what has come is stored while the rest is under way. For one thread.
 */
final class PipelineRun {

  private final EmbeddingPipeline pipeline;
  private final EmbeddingLedger ledger;
  private final ChunkResults results;
  private final BooleanSupplier cancelled;
  private final Deque<Part> underWay = new ArrayDeque<>();
  private final List<Failure> failures = new ArrayList<>();
  private @Nullable EmbeddingException stop;

  private record Part(List<Chunk> chunks, CompletableFuture<EmbeddedTexts> texts) {}

  PipelineRun(
      EmbeddingPipeline pipeline,
      EmbeddingLedger ledger,
      ChunkResults results,
      BooleanSupplier cancelled) {
    this.pipeline = pipeline;
    this.ledger = ledger;
    this.results = results;
    this.cancelled = cancelled;
  }

  /** See {@link ChunkEmbedder#embed}. */
  List<Failure> embed(Generation generation, List<Chunk> chunks, Consumer<List<Chunk>> begins)
      throws InterruptedException {
    if (chunks.isEmpty()
        || !ledger.begin(generation.id(), chunks.stream().map(Chunk::id).toList())) {
      return failures;
    }
    try {
      int request = pipeline.model().maxBatchSize();
      for (int from = 0; from < chunks.size(); from += request) {
        List<Chunk> part = chunks.subList(from, Math.min(chunks.size(), from + request));
        begins.accept(part);
        underWay.add(new Part(part, submit(part)));
      }
      while (!underWay.isEmpty()) {
        save(generation);
      }
    } finally {
      // What is under way and paid for is in the cache when it comes.
      underWay.forEach(part -> part.texts().cancel(false));
    }
    if (stop != null) {
      throw ProviderStops.because(stop);
    }
    return failures;
  }

  private CompletableFuture<EmbeddedTexts> submit(List<Chunk> part) {
    return pipeline.submit(part.stream().map(Chunk::embeddingText).toList(), InputType.DOCUMENT);
  }

  private void save(Generation generation) throws InterruptedException {
    Part first = underWay.element();
    EmbeddedTexts embedded = await(first);
    underWay.remove();
    keep(generation, first, embedded);
  }

  private static EmbeddedTexts await(Part part) throws InterruptedException {
    try {
      return part.texts().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a submission never fails", e);
    }
  }

  private void keep(Generation generation, Part part, EmbeddedTexts embedded)
      throws InterruptedException {
    results.store(generation, part.chunks(), embedded);
    List<Failure> failed = ChunkResults.failures(part.chunks(), embedded.texts());
    if (!failed.isEmpty() && cancelled.getAsBoolean()) {
      throw failed.get(0).error();
    }
    results.noteFailures(generation, failed);
    failures.addAll(failed);
    stop = stop == null ? embedded.stop() : stop;
    if (cancelled.getAsBoolean()) {
      throw new InterruptedException("the run was asked to end");
    }
  }
}
