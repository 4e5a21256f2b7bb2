package io.neuralbridge.knowledge;

import io.neuralbridge.cost.Costs;
import io.neuralbridge.embedding.EmbeddingModel;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobRequest;
import io.neuralbridge.job.JobType;
import io.neuralbridge.schedule.CronSchedule;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Schedule;
import io.neuralbridge.worker.ChunkLimits;
import io.neuralbridge.worker.Extension;
import java.time.Duration;
import java.time.ZoneOffset;
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
 *
 * <p>With a {@linkplain KnowledgeBase#withPipeline pipeline} a provider that wants a person (key,
 * account, model) pauses the queue, with one message, until it answers again; see {@link
 * PausedQueue}.
 */
public final class EmbedJob implements Extension {

  /** Arguments of {@link #CHUNK}. */
  public record ChunkArgs(String knowledgeChunkId) {}

  /** Arguments of {@link #DOCUMENT}. */
  public record DocumentArgs(String document) {}

  /**
   * Arguments of {@link #REPROCESS_ALL}.
   *
   * @param generation the one to build
   * @param verify whether it must prove itself before searches use it
   */
  public record ReprocessArgs(long generation, boolean verify) {}

  /**
   * Arguments of {@link #RANGE}: the documents after one name up to another that lack vectors.
   *
   * @param after the name before the first, or the empty string
   */
  public record RangeArgs(long generation, String after, String to) {}

  /** Arguments of {@link #COLLECT}. */
  public record CollectArgs(long generation) {}

  public static final JobType<ChunkArgs> CHUNK = type("embedding.chunk", ChunkArgs.class);
  public static final JobType<DocumentArgs> DOCUMENT =
      type("embedding.document", DocumentArgs.class);
  public static final JobType<ReprocessArgs> REPROCESS_ALL =
      type("embedding.reprocess_all", ReprocessArgs.class);

  /** A part of a reprocessing. */
  public static final JobType<RangeArgs> RANGE = type("embedding.range", RangeArgs.class);

  /** Deletes a generation that is not used any more. */
  public static final JobType<CollectArgs> COLLECT = type("embedding.collect", CollectArgs.class);

  /** Arguments of {@link #MODEL_CHECK}: none. */
  public record ModelCheckArgs() {}

  /**
   * Asks the providers whether a model is to be shut down, and warns of it. Recurs daily, under its
   * own name, where there is a scheduler.
   */
  public static final JobType<ModelCheckArgs> MODEL_CHECK =
      type("embedding.model_check", ModelCheckArgs.class);

  private static final String QUEUE = "embeddings";
  private static final Schedule DAILY = CronSchedule.parse("0 4 * * *", ZoneOffset.UTC);
  private static final Duration MAX_WAIT = Duration.ofMillis(20);
  private static final Duration KEEP_RETIRED = Duration.ofHours(24);
  private static final int MOST_CHUNKS = 1_000;
  private static final int MOST_DOCUMENTS = 64;

  private final KnowledgeBase knowledge;
  private final Settings settings;
  private @Nullable JobClient client;

  private record Settings(
      Duration maxWait, Duration keepRetired, VerificationRule verification, Costs costs) {}

  /**
   * A job that waits up to 20 ms for others to share a request with, keeps retired generations for
   * 24 hours, and verifies by {@link VerificationRule#defaults}.
   */
  public EmbedJob(KnowledgeBase knowledge) {
    this(knowledge, new Settings(MAX_WAIT, KEEP_RETIRED, VerificationRule.defaults(), Costs.NONE));
  }

  private EmbedJob(KnowledgeBase knowledge, Settings settings) {
    this.knowledge = knowledge;
    this.settings = settings;
  }

  /**
   * How long a chunk or document waits for others to fill a request with, zero to one minute.
   * Models that take one text a call wait for none.
   *
   * @return a changed copy, to be installed instead
   */
  public EmbedJob withMaxWait(Duration maxWait) {
    ChunkLimits.defaults().withLongest(maxWait);
    return new EmbedJob(
        knowledge,
        new Settings(maxWait, settings.keepRetired, settings.verification, settings.costs));
  }

  /**
   * How long a generation that is not searched any more can be gone back to.
   *
   * @return a changed copy, to be installed instead
   */
  public EmbedJob withKeepRetired(Duration keepRetired) {
    if (keepRetired.isNegative()) {
      throw new IllegalArgumentException("keepRetired must not be negative: " + keepRetired);
    }
    return new EmbedJob(
        knowledge,
        new Settings(settings.maxWait, keepRetired, settings.verification, settings.costs));
  }

  /**
   * When a generation may become active.
   *
   * @return a changed copy, to be installed instead
   */
  public EmbedJob withVerification(VerificationRule verification) {
    return new EmbedJob(
        knowledge,
        new Settings(settings.maxWait, settings.keepRetired, verification, settings.costs));
  }

  /**
   * Adds up what is embedded, by day, model, document and its {@link KnowledgeBase#TENANT}, and
   * puts jobs off where a budget is spent: for 15 minutes at most, since it may be raised. That
   * costs no attempt.
   *
   * @return a changed copy, to be installed instead
   */
  public EmbedJob withCosts(Costs costs) {
    return new EmbedJob(
        knowledge,
        new Settings(settings.maxWait, settings.keepRetired, settings.verification, costs));
  }

  private static <A> JobType<A> type(String kind, Class<A> argsType) {
    return JobType.of(kind, argsType)
        .withQueue(QUEUE)
        .withMaxAttempts(3)
        .withPriority(1)
        .withTags("embedding");
  }

  @Override
  public void install(Installer installer) {
    JobClient jobs = installer.client();
    ChunkEmbedder chunks = new ChunkEmbedder(knowledge, settings.costs);
    DocumentsEmbedder documents = new DocumentsEmbedder(knowledge, chunks);
    DocumentLocks locks = new DocumentLocks(knowledge.store(), jobs);
    installer.worker(new EmbedChunkWorker(knowledge, chunks, together(MOST_CHUNKS)));
    installer.worker(new DocumentWorker(knowledge, documents, locks, together(MOST_DOCUMENTS)));
    installer.worker(new RangeWorker(knowledge, documents, locks));
    installer.worker(
        new ReprocessWorker(knowledge, settings.verification, settings.keepRetired, jobs));
    installer.worker(new CollectWorker(knowledge, settings.keepRetired, jobs));
    installer.worker(new ModelCheckWorker(knowledge.models()));
    installer.recurring(
        Recurring.of("embedding.model_check", DAILY, MODEL_CHECK.request(new ModelCheckArgs())));
    knowledge.models().pipelines().stream()
        .filter(pipeline -> !pipeline.hasFallback())
        .forEach(pipeline -> pipeline.listener(new PausedQueue(installer.queues(), QUEUE)));
    client = jobs;
  }

  // What a request cannot hold together need not wait for each other.
  private ChunkLimits together(int atMost) {
    EmbeddingModel model = knowledge.models().primary();
    int most = Math.min(atMost, model.maxBatchSize());
    return new ChunkLimits(most, settings.maxWait);
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

  /**
   * Embeds everything anew, by the model that the knowledge base was made with, into a new
   * generation beside the one that is searched. Documents that arrive meanwhile are embedded into
   * both. When the new one has every chunk that the old one has, and {@linkplain VerificationRule
   * finds as well}, searches change over to it at once; the old one is kept for a while, to
   * {@linkplain Generations#rollback go back to}, and then deleted.
   *
   * <p>One generation is built at a time: if there is one, its job is returned, {@link
   * Job#existing() marked}; if that has ended without success, a new one goes on with it.
   */
  public Job enqueueReprocessAll() {
    ReprocessJobs jobs = new ReprocessJobs(client(), settings.keepRetired);
    EmbeddingModel model = knowledge.models().primary();
    GenerationStore generations = knowledge.store().generations();
    Generation target =
        generations.active().isEmpty()
            ? generations.activeOrNew(model.modelId(), model.dimensions())
            : generations.buildingOrNew(model.modelId(), model.dimensions());
    Job job = jobs.build(target, true);
    if (!job.existing()) {
      generations.saveWalk(target.id(), GenerationStore.Walk.FIRST);
    }
    return job;
  }

  /**
   * Watches and directs what {@link #enqueueReprocessAll} builds.
   *
   * @throws IllegalStateException if this is not installed
   */
  public Generations generations() {
    return new Generations(knowledge, new ReprocessJobs(client(), settings.keepRetired));
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
