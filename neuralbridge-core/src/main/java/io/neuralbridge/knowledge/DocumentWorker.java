package io.neuralbridge.knowledge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.ChunkEmbedder.Failures;
import io.neuralbridge.knowledge.EmbedJob.DocumentArgs;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds a document's pending chunks in order, then removes what the document no longer has. What
 * is embedded stays so: an attempt that begins after a crash goes on where the last one stopped.
 */
final class DocumentWorker implements Worker<DocumentArgs> {

  /** What a document batch did; stored as the job's result. */
  record Result(int chunks, int embedded, int failed, int removed) {}

  private static final Logger log = LoggerFactory.getLogger(DocumentWorker.class);
  private static final Duration WHILE_LOCKED = Duration.ofSeconds(1);
  private static final int PAGE = 100;

  private final KnowledgeStore store;
  private final VanishedChunks vanished;
  private final ChunkEmbedder embedder;
  private final JobClient jobs;

  DocumentWorker(KnowledgeBase knowledge, ChunkEmbedder embedder, JobClient jobs) {
    this.store = knowledge.store();
    this.vanished = new VanishedChunks(knowledge);
    this.embedder = embedder;
    this.jobs = jobs;
  }

  @Override
  public JobType<DocumentArgs> type() {
    return EmbedJob.DOCUMENT;
  }

  @Override
  public WorkerOptions options() {
    RetryPolicy policy =
        RetryPolicy.defaults()
            .withNonRetryable(DocumentNotFoundException.class, TextTooLargeException.class);
    return WorkerOptions.defaults().withRetryPolicy(policy);
  }

  @Override
  public Outcome work(JobContext<DocumentArgs> context) throws InterruptedException {
    String name = context.args().document();
    long job = context.job().id();
    Document document =
        store.document(name).orElseThrow(() -> DocumentNotFoundException.document(name));
    if (!lock(name, job)) {
      return Outcome.snoozed(WHILE_LOCKED);
    }
    try {
      return embed(document, context);
    } finally {
      store.unlock(name, job);
    }
  }

  // Two jobs at one document would embed every chunk twice. A holder that no longer runs has lost
  // its right.
  private boolean lock(String document, long job) {
    long holder = store.lock(document, job, KnowledgeStore.NOBODY);
    if (holder != job && !isRunning(holder)) {
      holder = store.lock(document, job, holder);
    }
    return holder == job;
  }

  private boolean isRunning(long job) {
    return jobs.find(job).map(Job::state).filter(JobState.EXECUTING::equals).isPresent();
  }

  private Outcome embed(Document document, JobContext<?> context) throws InterruptedException {
    Progress progress = new Progress();
    Document current = document;
    Optional<Document> next = Optional.of(document);
    // A version that came meanwhile has moved chunks to where this job had been already.
    while (next.isPresent() && progress.failures.count() == 0) {
      current = next.get();
      embedPending(current, context, progress);
      long done = current.run();
      next = store.document(current.name()).filter(now -> now.run() != done);
    }
    return finish(current, progress);
  }

  /** How many chunks a job has embedded, and how many not. */
  private static final class Progress {
    int embedded;
    Failures failures = Failures.NONE;
  }

  private void embedPending(Document document, JobContext<?> context, Progress progress)
      throws InterruptedException {
    log.info(
        "Processing embeddings for {} chunks in document: {}", document.chunks(), document.name());
    List<Chunk> page = pending(document, -1);
    while (!page.isEmpty()) {
      Failures failures =
          embedder.embed(
              page, context::isCancelled, chunks -> logProcessing(chunks, document.chunks()));
      progress.failures = progress.failures.and(failures);
      progress.embedded += page.size() - failures.count();
      page = pending(document, page.get(page.size() - 1).position());
    }
  }

  // As many whole batches as make a page, or the last one of each page would be sent half full.
  private List<Chunk> pending(Document document, int after) {
    int batches = Math.max(1, (PAGE + embedder.batchSize() - 1) / embedder.batchSize());
    int limit = batches * embedder.batchSize();
    return store.pending(document.name(), embedder.modelId(), after, limit);
  }

  private static void logProcessing(List<Chunk> chunks, int of) {
    chunks.forEach(chunk -> log.info("Processing chunk {}/{}", chunk.position() + 1, of));
  }

  private Outcome finish(Document document, Progress progress) {
    int failed = progress.failures.count();
    log.info(
        "Completed embedding generation for document {}: {}/{} successful",
        document.name(),
        document.chunks() - failed,
        document.chunks());
    if (failed > 0) {
      return Outcome.failed(
          DocumentException.incomplete(
              document.name(), failed, document.chunks(), progress.failures.allTooLarge()));
    }
    int removed = vanished.remove(document.name(), document.run());
    store.markDocumentEmbedded(document.name(), document.run());
    return Outcome.completed(new Result(document.chunks(), progress.embedded, failed, removed));
  }
}
