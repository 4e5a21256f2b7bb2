package io.neuralbridge.knowledge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobType;
import io.neuralbridge.worker.Extension;
import org.jspecify.annotations.Nullable;

/**
 * Embeds the chunks of a {@link KnowledgeBase} in the background. Install it in a NeuralBridge;
 * then enqueue.
 *
 * <p>Its jobs wait in queue {@code embeddings}, with 3 attempts, priority 1 and the tag {@code
 * embedding}. Safe for use by many threads at once.
 *
 * <p>A provider that limits its rate, is overloaded or wants to be paid puts a job off, for as long
 * as it asks; that costs no attempt, and what is embedded stays so. Other failures of the provider
 * fail the attempt, with a code such as {@code embedding_authentication}. A text that is too long
 * fails its chunk alone ({@code text_too_large}) and is not tried again.
 */
public final class EmbedJob implements Extension {

  /** Arguments of {@link #CHUNK}. */
  public record ChunkArgs(String knowledgeChunkId) {}

  /** Arguments of {@link #DOCUMENT}. */
  public record DocumentArgs(String document) {}

  /** Arguments of {@link #REPROCESS_ALL}: none. */
  public record ReprocessArgs() {}

  public static final JobType<ChunkArgs> CHUNK = type("embedding.chunk", ChunkArgs.class);
  public static final JobType<DocumentArgs> DOCUMENT =
      type("embedding.document", DocumentArgs.class);
  public static final JobType<ReprocessArgs> REPROCESS_ALL =
      type("embedding.reprocess_all", ReprocessArgs.class);

  private final KnowledgeBase knowledge;
  private @Nullable JobClient client;

  public EmbedJob(KnowledgeBase knowledge) {
    this.knowledge = knowledge;
  }

  private static <A> JobType<A> type(String kind, Class<A> argsType) {
    return JobType.of(kind, argsType)
        .withQueue("embeddings")
        .withMaxAttempts(3)
        .withPriority(1)
        .withTags("embedding");
  }

  @Override
  public void install(Installer installer) {
    JobClient jobs = installer.client();
    ChunkEmbedder embedder = new ChunkEmbedder(knowledge);
    installer.worker(new EmbedChunkWorker(knowledge, embedder));
    installer.worker(new DocumentWorker(knowledge, embedder, jobs));
    installer.worker(new ReprocessWorker(knowledge, jobs));
    client = jobs;
  }

  /**
   * Embeds one chunk, unless it is embedded already. The job fails with {@code chunk_not_found} if
   * there is none.
   */
  public Job enqueueChunkEmbedding(String chunkId) {
    return enqueue(CHUNK.request(new ChunkArgs(chunkId)));
  }

  /**
   * Embeds the chunks of a document that are not embedded yet, in order, and then removes those
   * that the document no longer has. A chunk that fails is logged and the rest go on; the next
   * attempt takes up what is left. The job fails with {@code document_not_found} if there is no
   * such document.
   */
  public Job enqueueDocumentBatch(String documentName) {
    return enqueue(DOCUMENT.request(new DocumentArgs(documentName)));
  }

  /** Embeds everything anew that was embedded before now, one job a document. */
  public Job enqueueReprocessAll() {
    return enqueue(REPROCESS_ALL.request(new ReprocessArgs()));
  }

  private <A> Job enqueue(JobRequest<A> request) {
    return client().enqueue(request);
  }

  private JobClient client() {
    if (client == null) {
      throw new IllegalStateException(
          "this EmbedJob is not installed: NeuralBridge.builder().install(embedJob)…build() first");
    }
    return client;
  }
}
