package io.neuralbridge.examples.bench;

import io.neuralbridge.NeuralBridge;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.event.JobEvent;
import io.neuralbridge.jdbc.JdbcBackend;
import io.neuralbridge.job.JobState;
import io.neuralbridge.knowledge.EmbedJob;
import io.neuralbridge.knowledge.KnowledgeBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * NeuralBridge as its users see it: a document is ingested in the caller's thread and embedded by a
 * job, and everything is in a database: jobs, ledger and vectors.
 */
final class BridgeIngest implements EmbeddingContestant {

  static final String ON_H2 = "NeuralBridge, H2";
  static final String ON_POSTGRES = "NeuralBridge, PostgreSQL";

  private final JdbcBackend backend;
  private final @Nullable TempFolder folder;
  private final KnowledgeBase knowledge;
  private final EmbedJob embedJob;
  private final NeuralBridge bridge;
  private final Semaphore ended = new Semaphore(0);
  private int discarded;
  private String firstFailure = "";

  private BridgeIngest(
      JdbcBackend backend, @Nullable TempFolder folder, EmbeddingModel model, int workers) {
    this.backend = backend;
    this.folder = folder;
    knowledge = new KnowledgeBase(backend.knowledge(), model, backend.vectors(), Corpus.SIZE);
    embedJob = new EmbedJob(knowledge);
    bridge =
        NeuralBridge.builder()
            .store(backend.queue())
            .withoutQueues()
            .queue("embeddings", workers)
            .install(embedJob)
            .listener(this::note)
            .build()
            .start();
  }

  /** On a new file. */
  static BridgeIngest onH2(Provider.Endpoint provider, ProviderRules rules) throws Exception {
    TempFolder folder = TempFolder.make();
    Path file = folder.path().resolve("bench");
    return new BridgeIngest(
        JdbcBackend.embedded(file), folder, BareClient.model(provider, rules), rules.slots());
  }

  /** On an empty schema, whose tables it makes. */
  static BridgeIngest onPostgres(
      DataSource empty, Provider.Endpoint provider, ProviderRules rules) {
    return new BridgeIngest(
        JdbcBackend.of(empty), null, BareClient.model(provider, rules), rules.slots());
  }

  private void note(JobEvent event) {
    if (event instanceof JobEvent.Settled settled && settled.state().isFinal()) {
      if (settled.state() != JobState.COMPLETED) {
        noteFailure(String.valueOf(settled.outcome()));
      }
      ended.release();
    }
  }

  private synchronized void noteFailure(String failure) {
    discarded++;
    firstFailure = firstFailure.isEmpty() ? failure : firstFailure;
  }

  @Override
  public Landing ingest(List<Corpus.Text> documents) throws InterruptedException {
    awaitJobs(enqueue(documents.stream()));
    return landing();
  }

  /** Ingests, and enqueues what there is to embed. Returns how many jobs that are. */
  int enqueue(Stream<Corpus.Text> documents) {
    return documents.mapToInt(document -> enqueue(document) ? 1 : 0).sum();
  }

  private boolean enqueue(Corpus.Text document) {
    knowledge.ingest(document.whole(), document.name());
    boolean pending = knowledge.hasPending(document.name());
    if (pending) {
      embedJob.enqueueDocumentBatch(document.name());
    }
    return pending;
  }

  void awaitJobs(int jobs) throws InterruptedException {
    if (!ended.tryAcquire(jobs, 30, TimeUnit.MINUTES)) {
      throw new IllegalStateException(
          "of %d jobs only %d ended".formatted(jobs, ended.availablePermits()));
    }
  }

  private synchronized Landing landing() {
    return new Landing(knowledge.stats().embedded(), discarded, firstFailure);
  }

  @Override
  public void close() throws IOException {
    bridge.close();
    backend.close();
    if (folder != null) {
      folder.close();
    }
  }
}
