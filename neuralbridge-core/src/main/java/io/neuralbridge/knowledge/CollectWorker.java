package io.neuralbridge.knowledge;

import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.knowledge.EmbedJob.CollectArgs;
import io.neuralbridge.knowledge.Generation.State;
import io.neuralbridge.vector.VectorStore;
import io.neuralbridge.worker.JobContext;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes a retired generation, unless somebody went back to it: its entries, then its vectors. */
final class CollectWorker implements Worker<CollectArgs> {

  private static final Logger log = LoggerFactory.getLogger(CollectWorker.class);
  private static final int AT_ONCE = 1_000;
  private static final Duration WHILE_WRITTEN = Duration.ofSeconds(5);

  private final KnowledgeStore store;
  private final VectorStore vectors;
  private final ReprocessJobs jobs;

  CollectWorker(KnowledgeBase knowledge, Duration keepRetired, JobClient client) {
    this.store = knowledge.store();
    this.vectors = knowledge.vectors();
    this.jobs = new ReprocessJobs(client, keepRetired);
  }

  @Override
  public JobType<CollectArgs> type() {
    return EmbedJob.COLLECT;
  }

  @Override
  public Outcome work(JobContext<CollectArgs> context) throws InterruptedException {
    Optional<Generation> retired =
        store
            .generations()
            .find(context.args().generation())
            .filter(generation -> generation.state() == State.RETIRED);
    if (retired.isEmpty()) {
      return Outcome.completed();
    }
    Duration early = early(retired.get(), context.job().runAt());
    return early.isNegative() || early.isZero()
        ? collect(retired.get(), context)
        : Outcome.snoozed(early);
  }

  // It may have been active again since the job was enqueued.
  private Duration early(Generation retired, Instant now) {
    Instant since = Objects.requireNonNull(retired.retiredAt(), "a retired generation's end");
    return Duration.between(now, since.plus(jobs.keep(retired)));
  }

  private Outcome collect(Generation generation, JobContext<?> context)
      throws InterruptedException {
    Optional<String> last = Optional.of("");
    while (last.isPresent()) {
      context.checkCancelled();
      last = store.ledger().forgetSome(generation.id(), last.get(), AT_ONCE);
    }
    vectors.drop(generation.collection());
    if (!store.generations().forget(generation.id())) {
      return Outcome.snoozed(WHILE_WRITTEN);
    }
    log.info("Generation {} of model {} is deleted", generation.id(), generation.modelId());
    return Outcome.completed();
  }
}
