package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.DocumentArgs;
import io.neuralbridge.knowledge.EmbedJob.ReprocessArgs;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes every chunk pending that was embedded before the job was enqueued, and enqueues a batch for
 * each document. Old vectors stay searchable until the new ones replace them. Running it twice
 * resets nothing twice.
 */
final class ReprocessWorker implements Worker<ReprocessArgs> {

  private static final Logger log = LoggerFactory.getLogger(ReprocessWorker.class);
  private static final int DOCUMENTS_AT_ONCE = 200;

  private final KnowledgeStore store;
  private final JobClient jobs;

  ReprocessWorker(KnowledgeBase knowledge, JobClient jobs) {
    this.store = knowledge.store();
    this.jobs = jobs;
  }

  @Override
  public JobType<ReprocessArgs> type() {
    return EmbedJob.REPROCESS_ALL;
  }

  @Override
  public Outcome work(JobContext<ReprocessArgs> context) throws InterruptedException {
    Instant before = context.job().createdAt();
    int documents = 0;
    List<String> names = names("");
    while (!names.isEmpty()) {
      context.checkCancelled();
      names.forEach(name -> store.resetEmbedded(name, before));
      jobs.enqueueAll(
          names.stream().map(name -> EmbedJob.DOCUMENT.request(new DocumentArgs(name))).toList());
      documents += names.size();
      names = names(names.get(names.size() - 1));
    }
    log.info("Reprocessing all embeddings: {} documents enqueued", documents);
    return Outcome.completed(documents);
  }

  private List<String> names(String after) {
    return store.documents(after, DOCUMENTS_AT_ONCE).stream().map(Document::name).toList();
  }
}
