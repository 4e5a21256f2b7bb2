package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.RangeArgs;
import io.neuralbridge.knowledge.EmbedJob.ReprocessArgs;
import io.neuralbridge.knowledge.Generation.State;
import io.neuralbridge.knowledge.GenerationStore.Walk;
import io.neuralbridge.knowledge.Verification.Verdict;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a generation: walks over the documents that lack vectors and enqueues a job for each range
 * of them, looks now and then how far those are, walks again for what came meanwhile, verifies,
 * switches, and sees to it that the old generation is deleted later. Each step is noted, so that a
 * run after a crash, or on another node, goes on with the next.
 */
final class ReprocessWorker implements Worker<ReprocessArgs> {

  /** What a reprocess job did; stored as the job's result. */
  record Result(long generation, long chunks, long embedded, long failed) {}

  private static final Logger log = LoggerFactory.getLogger(ReprocessWorker.class);
  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofSeconds(30);

  private final KnowledgeStore store;
  private final GenerationModels models;
  private final Verification verification;
  private final ReprocessJobs jobs;

  ReprocessWorker(
      KnowledgeBase knowledge, VerificationRule rule, Duration keepRetired, JobClient client) {
    this.store = knowledge.store();
    this.models = knowledge.models();
    this.verification = new Verification(knowledge, rule);
    this.jobs = new ReprocessJobs(client, keepRetired);
  }

  @Override
  public JobType<ReprocessArgs> type() {
    return EmbedJob.REPROCESS_ALL;
  }

  @Override
  public Outcome work(JobContext<ReprocessArgs> context) throws InterruptedException {
    long id = context.args().generation();
    Optional<Generation> found = store.generations().find(id).filter(Generation::isLive);
    if (found.isEmpty()) {
      return Outcome.cancelled("generation %d was given up".formatted(id));
    }
    Generation generation = found.get();
    if (generation.paused()) {
      return Outcome.snoozed(RangeWorker.WHILE_PAUSED);
    }
    if (!models.has(generation) && !store.generations().walk(id).orElse(Walk.FIRST).isOver()) {
      log.info("The node of a newer deployment has the model of generation {}", id);
      return Outcome.snoozed(RangeWorker.WHILE_ELSEWHERE);
    }
    Walk walk = walk(generation, context);
    GenerationProgress progress = GenerationProgress.of(store.ledger(), generation);
    context.progress(progress.fraction(), progress.toString());
    if (jobs.areUnderWay(generation)) {
      return later(progress);
    }
    if (progress.pending() > 0 && progress.embedded() > walk.embeddedBefore()) {
      store.generations().saveWalk(id, new Walk("", progress.embedded()));
      return later(progress);
    }
    return end(generation, progress, context.args().verify());
  }

  private Walk walk(Generation generation, JobContext<?> context) throws InterruptedException {
    long id = generation.id();
    Walk walk = store.generations().walk(id).orElse(Walk.FIRST);
    while (!walk.isOver()) {
      models.of(generation);
      context.checkCancelled();
      String after = String.valueOf(walk.after());
      List<String> names = store.ledger().pendingDocuments(id, after, null, RangeWorker.DOCUMENTS);
      String to = names.isEmpty() ? null : names.get(names.size() - 1);
      if (to != null) {
        jobs.enqueue(new RangeArgs(id, after, to));
      }
      walk = new Walk(to, walk.embeddedBefore());
      store.generations().saveWalk(id, walk);
    }
    return walk;
  }

  // A tenth of what is left, so that a long run is not counted all the time.
  private static Outcome later(GenerationProgress progress) {
    Duration left = progress.remaining().orElse(SOONEST).dividedBy(10);
    Duration wait = left.compareTo(LATEST) > 0 ? LATEST : left;
    return Outcome.snoozed(wait.compareTo(SOONEST) < 0 ? SOONEST : wait);
  }

  private Outcome end(Generation generation, GenerationProgress progress, boolean verify)
      throws InterruptedException {
    Optional<Generation> active = store.generations().active();
    if (generation.state() == State.BUILDING && active.isPresent()) {
      Optional<String> problem = problem(active.get(), generation, progress, verify);
      if (problem.isPresent()) {
        store.generations().setError(generation.id(), problem.get());
        return Outcome.failed(GenerationException.notVerified(generation, problem.get()));
      }
    }
    if (generation.state() == State.BUILDING && store.generations().activate(generation.id())) {
      log.info(
          "Generation {} of model {} is active: {} chunks",
          generation.id(),
          generation.modelId(),
          progress.embedded());
    }
    jobs.afterSwitch(store);
    return Outcome.completed(
        new Result(generation.id(), progress.chunks(), progress.embedded(), progress.failed()));
  }

  private Optional<String> problem(
      Generation active, Generation building, GenerationProgress progress, boolean verify)
      throws InterruptedException {
    if (verify) {
      Verdict verdict = verification.verify(active, building);
      log.info("Verified generation {}: {}", building.id(), verdict);
      return verdict.problem();
    }
    return progress.pending() == 0
        ? Optional.empty()
        : Optional.of(
            "%d chunks lack a vector, %d of them failed"
                .formatted(progress.pending(), progress.failed()));
  }
}
