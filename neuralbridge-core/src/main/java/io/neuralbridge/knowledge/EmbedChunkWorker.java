package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.ChunkArgs;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.vector.VectorRecord;
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
        .withRetryPolicy(RetryPolicy.defaults().withNonRetryable(DocumentNotFoundException.class));
  }

  @Override
  public Outcome work(JobContext<ChunkArgs> context) {
    String id = context.args().knowledgeChunkId();
    Chunk chunk = store.chunk(id).orElseThrow(() -> DocumentNotFoundException.chunk(id));
    if (chunk.isEmbeddedBy(embedder.modelId())) {
      log.debug("Chunk {} is embedded already", id);
      return Outcome.completed();
    }
    log.info("Generating embedding for chunk: {}", id);
    embedder.store(List.of(chunk), vectors(chunk, context));
    log.info("Successfully generated embedding for chunk: {}", id);
    return Outcome.completed();
  }

  private List<VectorRecord> vectors(Chunk chunk, JobContext<ChunkArgs> context) {
    try {
      return embedder.vectors(List.of(chunk));
    } catch (RuntimeException e) {
      if (!context.isCancelled()) {
        embedder.fail(chunk, e);
      }
      throw e;
    }
  }
}
