package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.DocumentArgs;
import io.neuralbridge.knowledge.Generation.State;
import io.neuralbridge.retry.RetryPolicy;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.ChunkWorker;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds the pending chunks of documents in order, into each generation that takes chunks, then
 * removes what the documents no longer have. What is embedded stays so: an attempt that begins
 * after a crash goes on where the last one stopped.
 */
final class DocumentWorker implements ChunkWorker<DocumentArgs> {

  /** What a document batch did; stored as the job's result. */
  record Result(int chunks, int embedded, int failed, int removed) {}

  private static final Logger log = LoggerFactory.getLogger(DocumentWorker.class);
  private static final Duration WHILE_LOCKED = Duration.ofSeconds(1);

  private final KnowledgeStore store;
  private final GenerationModels models;
  private final VanishedChunks vanished;
  private final DocumentsEmbedder embedder;
  private final DocumentLocks locks;
  private final ChunkLimits limits;

  DocumentWorker(
      KnowledgeBase knowledge,
      DocumentsEmbedder embedder,
      DocumentLocks locks,
      ChunkLimits limits) {
    this.store = knowledge.store();
    this.models = knowledge.models();
    this.vanished = new VanishedChunks(knowledge);
    this.embedder = embedder;
    this.locks = locks;
    this.limits = limits;
  }

  @Override
  public JobType<DocumentArgs> type() {
    return EmbedJob.DOCUMENT;
  }

  @Override
  public ChunkLimits chunkLimits() {
    return limits;
  }

  @Override
  public WorkerOptions options() {
    RetryPolicy policy =
        RetryPolicy.defaults()
            .withNonRetryable(DocumentNotFoundException.class, TextTooLargeException.class);
    return WorkerOptions.defaults().withRetryPolicy(policy);
  }

  @Override
  public Map<Long, Outcome> workAll(List<JobContext<DocumentArgs>> contexts) {
    Map<Long, Outcome> outcomes = new HashMap<>();
    Map<Long, DocumentTask> tasks = new LinkedHashMap<>();
    try {
      for (JobContext<DocumentArgs> context : contexts) {
        begin(context, tasks, outcomes);
      }
      embed(tasks, outcomes);
    } finally {
      tasks.forEach((job, task) -> locks.unlock(task.name(), job));
    }
    return outcomes;
  }

  private void begin(
      JobContext<DocumentArgs> context,
      Map<Long, DocumentTask> tasks,
      Map<Long, Outcome> outcomes) {
    String name = context.args().document();
    long job = context.job().id();
    Optional<Document> document = store.document(name);
    if (document.isEmpty()) {
      outcomes.put(job, Outcome.failed(DocumentNotFoundException.document(name)));
    } else if (locks.lock(name, job)) {
      tasks.put(job, new DocumentTask(document.get(), context::isCancelled));
    } else {
      outcomes.put(job, Outcome.snoozed(WHILE_LOCKED));
    }
  }

  // What ends the call fails those that are not done, each by its own attempts.
  private void embed(Map<Long, DocumentTask> tasks, Map<Long, Outcome> outcomes) {
    try {
      List<Generation> targets = List.of();
      List<DocumentTask> open = List.copyOf(tasks.values());
      while (!open.isEmpty()) {
        targets = models.targets(store.generations());
        embed(targets, open);
        open = unfinished(open, targets);
      }
      boolean searchable = targets.stream().anyMatch(DocumentWorker::isActive);
      tasks.forEach((job, task) -> outcomes.put(job, finish(task, searchable)));
    } catch (InterruptedException | RuntimeException e) {
      tasks.forEach((job, task) -> outcomes.putIfAbsent(job, afterStop(task, e)));
    }
  }

  private static boolean isActive(Generation generation) {
    return generation.state() == State.ACTIVE;
  }

  private void embed(List<Generation> targets, List<DocumentTask> tasks)
      throws InterruptedException {
    embedder.embed(targets.get(0), tasks);
    for (Generation building : targets.subList(1, targets.size())) {
      embedBeside(building, tasks);
    }
  }

  // Whatever a generation that nobody searches yet lacks, the walk over all documents makes up for.
  private void embedBeside(Generation building, List<DocumentTask> tasks)
      throws InterruptedException {
    try {
      embedder.embed(
          building,
          tasks.stream()
              .map(task -> new DocumentTask(task.document(), task::isCancelled))
              .toList());
    } catch (RuntimeException e) {
      log.warn(
          "New chunks wait to be embedded into generation {}: {}", building.id(), e.toString());
    }
  }

  private List<DocumentTask> unfinished(List<DocumentTask> tasks, List<Generation> targets) {
    boolean same = ids(models.targets(store.generations())).equals(ids(targets));
    return tasks.stream()
        .filter(task -> task.failedChunks() == 0 && !task.isCancelled())
        .filter(task -> changed(task) || !same)
        .toList();
  }

  private static List<Long> ids(List<Generation> generations) {
    return generations.stream().map(Generation::id).toList();
  }

  // A version that came meanwhile has moved chunks to where this job had been already.
  private boolean changed(DocumentTask task) {
    long done = task.document().run();
    Optional<Document> next =
        store.document(task.name()).filter(document -> document.run() != done);
    next.ifPresent(task::setDocument);
    return next.isPresent();
  }

  private Outcome afterStop(DocumentTask task, Exception stop) {
    boolean done = task.failedChunks() == 0 && !changed(task) && !isPending(task);
    return done ? finish(task, true) : Outcome.failed(stop);
  }

  private boolean isPending(DocumentTask task) {
    Generation target = models.targets(store.generations()).get(0);
    return !isActive(target) || !store.ledger().pending(target.id(), task.name(), -1, 1).isEmpty();
  }

  private Outcome finish(DocumentTask task, boolean searchable) {
    if (task.isCancelled()) {
      return Outcome.failed(new InterruptedException("the run was asked to end"));
    }
    Document document = task.document();
    int failed = task.failedChunks();
    log.info(
        "Completed embedding generation for document {}: {}/{} successful",
        document.name(),
        document.chunks() - failed,
        document.chunks());
    if (failed > 0) {
      return Outcome.failed(
          DocumentException.incomplete(
              document.name(), failed, document.chunks(), task.allTooLarge()));
    }
    if (!searchable) {
      return Outcome.completed(new Result(document.chunks(), task.embeddedChunks(), failed, 0));
    }
    int removed = vanished.remove(document.name(), document.run());
    store.markDocumentEmbedded(document.name(), document.run());
    return Outcome.completed(new Result(document.chunks(), task.embeddedChunks(), failed, removed));
  }
}
