package io.neuralbridge.embedding;

import io.neuralbridge.embedding.EmbeddedText.Embedded;
import io.neuralbridge.embedding.EmbeddedText.Failed;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.PipelineCore.Wish;
import io.neuralbridge.embedding.RequestPacker.Fit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Embeds the texts of many callers by as few calls as the provider's limits allow, no text twice,
 * and no faster than the provider takes them.
 *
 * <pre>{@code
 * try (EmbeddingPipeline pipeline =
 *     EmbeddingPipeline.builder(model).cache(backend.embeddingCache()).rateBuckets(backend.rateBuckets()).build()) {
 *   EmbeddedTexts embedded = pipeline.embed(texts, InputType.DOCUMENT);
 * }
 * }</pre>
 *
 * <ul>
 *   <li>A text is looked up in this process's memory, then in the second tier, and if another
 *       caller has it under way, waits for that. What a call returns is in both tiers before it is
 *       handed out.
 *   <li>Texts of all callers fill requests together. A request leaves when it is full or its oldest
 *       text has waited long enough; callers take turns; queries have requests of their own, which
 *       go first.
 *   <li>As many calls run at once as the provider takes: more with each round that it took, fewer
 *       when it refuses. The rate is kept by buckets that all nodes may share.
 *   <li>Short waits, and a few failures of the provider, are waited for here. Longer ones stop the
 *       texts that they concern: the result says so ({@link EmbeddedTexts#stop}, with {@link
 *       EmbeddingException#retryAfter}), so that a job can be put off instead of holding a thread.
 *   <li>A provider that wants a person (key, account, model) or keeps failing is not called any
 *       more: everything stops at once with a {@link ProviderPausedException}, until a single call
 *       has found that it answers again. Listeners hear of it once.
 * </ul>
 *
 * <p>The contract of {@link SplittingEmbedder} holds: one bad text fails alone; when the provider
 * stops, what is embedded is returned and the rest is {@link EmbeddedText.Untried}.
 *
 * <p>Safe for use by many threads at once.
 */
public final class EmbeddingPipeline implements AutoCloseable {

  private static final Duration LAST_CALLS = Duration.ofSeconds(10);

  /** What a pipeline is made of. */
  record Parts(
      EmbeddingModel model,
      Oversize oversize,
      EmbeddingLimits limits,
      String preprocessing,
      PipelineSettings settings,
      Tiers tiers,
      Tally tally,
      PipelineTime time,
      ExecutorService executor,
      Consumer<ProviderEvent> events,
      Consumer<Consumer<ProviderEvent>> subscribe) {}

  private final Parts parts;
  private final PipelineCore core;
  private final boolean hasFallback;
  private final RequestPacker packer;
  private final Map<InputType, EmbeddingKeys> keys = new EnumMap<>(InputType.class);

  EmbeddingPipeline(Parts parts, List<Provider> providers) {
    this.parts = parts;
    this.core = new PipelineCore(parts, providers);
    this.hasFallback = providers.size() > 1;
    this.packer = new RequestPacker(parts.limits(), parts.model().tokenCounter(), parts.oversize());
    // A vector of a text that was cut off is not that of the text.
    String version =
        parts.preprocessing() + (parts.oversize() == Oversize.TRUNCATE ? "\ntruncated" : "");
    for (InputType type : InputType.values()) {
      EmbeddingModel model = parts.model();
      keys.put(type, new EmbeddingKeys(model.modelId(), model.dimensions(), type, version));
    }
  }

  /** Begins a pipeline in front of a model. */
  public static EmbeddingPipelineBuilder builder(EmbeddingModel model) {
    return new EmbeddingPipelineBuilder(model);
  }

  /**
   * Tells a listener what becomes of the provider from now on, on a thread of the pipeline: it must
   * not block.
   */
  public void listener(Consumer<ProviderEvent> listener) {
    parts.subscribe().accept(listener);
  }

  /** Whether there is another provider of the model, for when the first takes no calls. */
  public boolean hasFallback() {
    return hasFallback;
  }

  /** The model, of which this is the front. */
  public EmbeddingModel model() {
    return parts.model();
  }

  /**
   * Embeds texts and waits for them. An interrupt ends the waiting: what is embedded by then is
   * returned, the thread stays interrupted, and the stop is {@link Reason#INTERRUPTED}.
   *
   * @param texts any number; blank ones fail, without a call
   */
  public EmbeddedTexts embed(List<String> texts, InputType inputType) {
    Submission submission = begin(texts, inputType);
    try {
      return submission.done().get();
    } catch (InterruptedException e) {
      EmbeddingException why =
          new EmbeddingException(Reason.INTERRUPTED, "the thread was interrupted", e);
      core.post(() -> core.withdraw(submission, why));
      EmbeddedTexts result = submission.done().join();
      Thread.currentThread().interrupt();
      return result;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a submission never fails", e);
    }
  }

  /**
   * Embeds texts without waiting. The future never fails; it completes on a thread of the pipeline
   * when all texts have their result. Cancelling it withdraws what nobody else waits for.
   *
   * @param texts any number; blank ones fail, without a call
   */
  public CompletableFuture<EmbeddedTexts> submit(List<String> texts, InputType inputType) {
    Submission submission = begin(texts, inputType);
    CompletableFuture<EmbeddedTexts> result =
        submission.done().thenApplyAsync(done -> done, this::execute);
    return result.whenComplete(
        (done, error) -> {
          if (result.isCancelled()) {
            core.post(() -> core.withdraw(submission, PipelineCore.closed()));
          }
        });
  }

  // Callers' steps do not run in the mailbox, unless nothing else runs any more.
  private void execute(Runnable step) {
    try {
      parts.executor().execute(step);
    } catch (RejectedExecutionException e) {
      step.run();
    }
  }

  private Submission begin(List<String> texts, InputType inputType) {
    Submission submission = new Submission(inputType, texts.size());
    EmbeddingKeys ofType = keys.get(inputType);
    if (ofType == null) {
      throw new IllegalArgumentException("no such input type: " + inputType);
    }
    parts.tally().texts.add(texts.size());
    List<Wish> wishes = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      Fit fit = packer.fit(new WeighedText(i, texts.get(i), parts.model().tokenCounter()));
      if (fit instanceof Fit.Refused refused) {
        submission.settle(i, new Failed(refused.error()));
        continue;
      }
      EmbeddingKey key = ofType.of(texts.get(i));
      CachedEmbedding cached = parts.tiers().first().get(key);
      if (cached == null) {
        wishes.add(new Wish(i, key, fit));
      } else {
        parts.tally().firstTierHits.increment();
        submission.settle(i, new Embedded(cached.vector()));
      }
    }
    if (wishes.isEmpty()) {
      submission.completeIfSettled();
    } else {
      core.post(() -> core.accept(submission, wishes));
    }
    return submission;
  }

  /**
   * Calls the provider again at once, whatever it said: when a person has paid the account or
   * changed the key.
   */
  public void resume() {
    core.post(core::resume);
  }

  /** What it has done and does. */
  public PipelineStats stats() {
    return parts.tally().stats(parts.tiers().first());
  }

  /**
   * Stops: what waits is {@link EmbeddedText.Untried}, with the stop {@link Reason#INTERRUPTED};
   * calls under way get 10 seconds, for they are paid for, and are then interrupted. Texts that
   * come later are not tried. Closing it again does nothing.
   */
  @Override
  public void close() {
    try {
      core.close().get(LAST_CALLS.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The calls that are left are interrupted.
    }
    parts.executor().shutdownNow();
    parts.time().close();
  }
}
