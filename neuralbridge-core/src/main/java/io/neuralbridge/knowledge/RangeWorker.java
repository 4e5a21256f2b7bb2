package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.ChunkEmbedder.Failure;
import io.neuralbridge.knowledge.EmbedJob.RangeArgs;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Embeds into a building generation what it lacks of a range of documents. Those that another job
 * has at the moment are left to it, and to the next walk.
 */
final class RangeWorker implements Worker<RangeArgs> {

  /** How many documents a range has at most. */
  static final int DOCUMENTS = 100;

  /** What a range job did; stored as the job's result. */
  record Result(int documents, int embedded, int failed) {}

  private static final Logger log = LoggerFactory.getLogger(RangeWorker.class);
  static final Duration WHILE_PAUSED = Duration.ofSeconds(15);

  /** How soon a job tries another node than one that lacks the model, as when a deploy rolls. */
  static final Duration WHILE_ELSEWHERE = Duration.ofSeconds(2);

  private final KnowledgeStore store;
  private final GenerationModels models;
  private final DocumentsEmbedder embedder;
  private final DocumentLocks locks;

  RangeWorker(KnowledgeBase knowledge, DocumentsEmbedder embedder, DocumentLocks locks) {
    this.store = knowledge.store();
    this.models = knowledge.models();
    this.embedder = embedder;
    this.locks = locks;
  }

  @Override
  public JobType<RangeArgs> type() {
    return EmbedJob.RANGE;
  }

  @Override
  public Outcome work(JobContext<RangeArgs> context) throws InterruptedException {
    RangeArgs args = context.args();
    Optional<Generation> generation =
        store.generations().find(args.generation()).filter(Generation::isLive);
    if (generation.isEmpty()) {
      return Outcome.cancelled("generation %d takes no chunks".formatted(args.generation()));
    }
    if (generation.get().paused()) {
      return Outcome.snoozed(WHILE_PAUSED);
    }
    if (!models.has(generation.get())) {
      log.info("The node of a newer deployment has the model of generation {}", args.generation());
      return Outcome.snoozed(WHILE_ELSEWHERE);
    }
    long job = context.job().id();
    List<DocumentTask> tasks = new ArrayList<>();
    try {
      lock(args, job, context, tasks);
      embedder.embed(generation.get(), tasks);
    } finally {
      tasks.forEach(task -> locks.unlock(task.name(), job));
    }
    return outcome(generation.get(), tasks);
  }

  private void lock(
      RangeArgs args, long job, JobContext<RangeArgs> context, List<DocumentTask> tasks) {
    for (String name :
        store.ledger().pendingDocuments(args.generation(), args.after(), args.to(), DOCUMENTS)) {
      Optional<Document> document = store.document(name);
      if (document.isPresent() && locks.lock(name, job)) {
        tasks.add(new DocumentTask(document.get(), context::isCancelled));
      } else {
        log.debug("Document {} is left to the job that has it", name);
      }
    }
  }

  // A text that is too long stays so: the ledger says it, and the verification counts it.
  private static Outcome outcome(Generation generation, List<DocumentTask> tasks) {
    int embedded = tasks.stream().mapToInt(DocumentTask::embeddedChunks).sum();
    int failed = tasks.stream().mapToInt(DocumentTask::failedChunks).sum();
    Optional<Failure> first =
        tasks.stream().map(DocumentTask::firstFailure).filter(Objects::nonNull).findFirst();
    if (first.isPresent() && !tasks.stream().allMatch(DocumentTask::allTooLarge)) {
      return Outcome.failed(
          GenerationException.incomplete(generation, failed, first.get().error().toString()));
    }
    return Outcome.completed(new Result(tasks.size(), embedded, failed));
  }
}
