package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.ChunkEmbedder.Failure;
import io.neuralbridge.knowledge.EmbedJob.ChunkArgs;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.WorkerOptions;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds single chunks, as many in a request as the model takes: fetch, see which are done, embed,
 * save, note.
 */
final class EmbedChunkWorker implements ChunkWorker<ChunkArgs> {

  private static final Logger log = LoggerFactory.getLogger(EmbedChunkWorker.class);

  private final KnowledgeStore store;
  private final GenerationModels models;
  private final ChunkEmbedder embedder;
  private final ChunkLimits limits;

  EmbedChunkWorker(KnowledgeBase knowledge, ChunkEmbedder embedder, ChunkLimits limits) {
    this.store = knowledge.store();
    this.models = knowledge.models();
    this.embedder = embedder;
    this.limits = limits;
  }

  @Override
  public JobType<ChunkArgs> type() {
    return EmbedJob.CHUNK;
  }

  @Override
  public ChunkLimits chunkLimits() {
    return limits;
  }

  @Override
  public WorkerOptions options() {
    return WorkerOptions.defaults()
        .withRetryPolicy(
            RetryPolicy.defaults()
                .withNonRetryable(DocumentNotFoundException.class, TextTooLargeException.class));
  }

  @Override
  public Map<Long, Outcome> workAll(List<JobContext<ChunkArgs>> contexts) {
    Map<String, Chunk> chunks =
        store.chunks(contexts.stream().map(EmbedChunkWorker::chunkId).distinct().toList());
    Map<String, Outcome> ends = new HashMap<>();
    try {
      for (Generation target : models.targets(store.generations())) {
        embed(target, wanted(target, chunks.values()), contexts, ends);
      }
      chunks.keySet().forEach(id -> ends.putIfAbsent(id, Outcome.completed()));
    } catch (InterruptedException | RuntimeException e) {
      Set<String> done = done(chunks.keySet());
      chunks
          .keySet()
          .forEach(
              id ->
                  ends.putIfAbsent(
                      id, done.contains(id) ? Outcome.completed() : Outcome.failed(e)));
    }
    return contexts.stream()
        .collect(
            Collectors.toMap(
                context -> context.job().id(), context -> outcome(chunkId(context), ends)));
  }

  private static String chunkId(JobContext<ChunkArgs> context) {
    return context.args().knowledgeChunkId();
  }

  private static Outcome outcome(String id, Map<String, Outcome> ends) {
    Outcome end = ends.get(id);
    return end == null ? Outcome.failed(DocumentNotFoundException.chunk(id)) : end;
  }

  private List<Chunk> wanted(Generation target, Collection<Chunk> chunks) {
    Set<String> done =
        store.ledger().embedded(target.id(), chunks.stream().map(Chunk::id).toList());
    done.forEach(id -> log.debug("Chunk {} is embedded already", id));
    return chunks.stream().filter(chunk -> !done.contains(chunk.id())).toList();
  }

  private void embed(
      Generation target,
      List<Chunk> chunks,
      List<JobContext<ChunkArgs>> contexts,
      Map<String, Outcome> ends)
      throws InterruptedException {
    chunks.forEach(chunk -> log.info("Generating embedding for chunk: {}", chunk.id()));
    List<Failure> failures =
        embedder.embed(
            target, chunks, () -> contexts.stream().allMatch(JobContext::isCancelled), begun -> {});
    failures.forEach(failure -> ends.put(failure.chunk().id(), failed(failure)));
    chunks.stream()
        .filter(chunk -> !ends.containsKey(chunk.id()))
        .forEach(chunk -> log.info("Successfully generated embedding for chunk: {}", chunk.id()));
  }

  private static Outcome failed(Failure failure) {
    return Outcome.failed(
        failure.isTooLarge()
            ? TextTooLargeException.chunk(failure.chunk(), failure.error())
            : ProviderStops.failed(failure.error()));
  }

  private Set<String> done(Set<String> ids) {
    return store
        .generations()
        .active()
        .map(active -> store.ledger().embedded(active.id(), ids))
        .orElse(Set.of());
  }
}
