package io.neuralbridge.knowledge;

import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.ChunkArgs;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import io.neuralbridge.worker.WorkerOptions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Embeds one chunk: fetch, see whether it is done, embed, save, note the time. */
final class EmbedChunkWorker implements Worker<ChunkArgs> {

  private static final Logger log = LoggerFactory.getLogger(EmbedChunkWorker.class);

  private final KnowledgeStore store;
  private final ChunkEmbedder embedder;

  EmbedChunkWorker(KnowledgeBase knowledge, ChunkEmbedder embedder) {
    this.store = knowledge.store();
    this.embedder = embedder;
  }

  @Override
  public JobType<ChunkArgs> type() {
    return EmbedJob.CHUNK;
  }

  @Override
  public WorkerOptions options() {
    return WorkerOptions.defaults()
        .withRetryPolicy(
            RetryPolicy.defaults()
                .withNonRetryable(DocumentNotFoundException.class, TextTooLargeException.class));
  }

  @Override
  public Outcome work(JobContext<ChunkArgs> context) throws InterruptedException {
    String id = context.args().knowledgeChunkId();
    Chunk chunk = store.chunk(id).orElseThrow(() -> DocumentNotFoundException.chunk(id));
    if (chunk.isEmbeddedBy(embedder.modelId())) {
      log.debug("Chunk {} is embedded already", id);
      return Outcome.completed();
    }
    log.info("Generating embedding for chunk: {}", id);
    EmbeddingException failure =
        embedder.embed(List.of(chunk), context::isCancelled, chunks -> {}).first();
    if (failure != null) {
      throw failure.reason() == Reason.TOO_LARGE
          ? TextTooLargeException.chunk(chunk, failure)
          : ProviderStops.failed(failure);
    }
    log.info("Successfully generated embedding for chunk: {}", id);
    return Outcome.completed();
  }
}
