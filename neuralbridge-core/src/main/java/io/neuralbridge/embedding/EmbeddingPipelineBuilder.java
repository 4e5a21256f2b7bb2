package io.neuralbridge.embedding;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds an {@link EmbeddingPipeline}. By default: 64 MB of cache in memory and no second tier, 20
 * ms to fill a request, 4 calls at once to begin with and 16 at most, no rate limits but those that
 * the provider tells, 1 second of patience, 2 retries, no fallback. For one thread.
 */
public final class EmbeddingPipelineBuilder {

  private static final Logger log = LoggerFactory.getLogger(EmbeddingPipeline.class);
  private static final int FIRST_CONCURRENCY = 4;

  private final EmbeddingModel model;
  private @Nullable EmbeddingModel fallback;
  private Oversize oversize = Oversize.FAIL;
  private String preprocessing = "";
  private long cacheBytes = 64L << 20;
  private @Nullable EmbeddingCache cache;
  private boolean cacheForQueries;
  private RateLimits rateLimits = RateLimits.NONE;
  private RateLimits fallbackRateLimits = RateLimits.NONE;
  private @Nullable RateBuckets buckets;
  private String account;
  private Duration maxWait = Duration.ofMillis(20);
  private Duration patience = Duration.ofSeconds(1);
  private int retries = 2;
  private int maxConcurrency = 16;
  private Duration probeInterval = Duration.ofMinutes(1);
  private BreakerSettings breaker = BreakerSettings.DEFAULT;
  private PipelineTime time = PipelineTime.system();
  private final List<Consumer<ProviderEvent>> listeners = new CopyOnWriteArrayList<>();

  EmbeddingPipelineBuilder(EmbeddingModel model) {
    this.model = model;
    this.account = model.modelId();
  }

  /**
   * The same model at another provider, for when the first takes no calls.
   *
   * @throws IllegalArgumentException if it has another id or other dimensions: its vectors could
   *     not be compared
   */
  public EmbeddingPipelineBuilder fallback(EmbeddingModel fallback) {
    return fallback(fallback, RateLimits.NONE);
  }

  /** The same, with its own limits. */
  public EmbeddingPipelineBuilder fallback(EmbeddingModel fallback, RateLimits limits) {
    if (!fallback.modelId().equals(model.modelId())
        || fallback.dimensions() != model.dimensions()) {
      throw new IllegalArgumentException(
          "a fallback must be the same model: '%s' of %d dimensions, not '%s' of %d; if it is, give both the same modelId"
              .formatted(
                  model.modelId(), model.dimensions(), fallback.modelId(), fallback.dimensions()));
    }
    this.fallback = fallback;
    this.fallbackRateLimits = limits;
    return this;
  }

  /** What happens to texts that are too long; they fail unless set. */
  public EmbeddingPipelineBuilder oversize(Oversize oversize) {
    this.oversize = oversize;
    return this;
  }

  /**
   * What the host does to texts before they come here, by a name that changes with it; cached
   * vectors of another name are not used. Empty unless set.
   */
  public EmbeddingPipelineBuilder preprocessing(String version) {
    this.preprocessing = version;
    return this;
  }

  /** How much memory the first tier of the cache may take, about; 64 MB unless set, 0 for none. */
  public EmbeddingPipelineBuilder cacheBytes(long bytes) {
    requireAtLeast(0, "cacheBytes", bytes);
    this.cacheBytes = bytes;
    return this;
  }

  /** The second tier of the cache, for documents; none unless set. It stays the caller's. */
  public EmbeddingPipelineBuilder cache(EmbeddingCache cache) {
    this.cache = cache;
    return this;
  }

  /** The second tier of the cache is for queries, too: where the same ones come again for days. */
  public EmbeddingPipelineBuilder cacheForQueries() {
    this.cacheForQueries = true;
    return this;
  }

  /** What the provider allows a minute; what its headers say unless set, and if that is less. */
  public EmbeddingPipelineBuilder rateLimits(RateLimits limits) {
    this.rateLimits = limits;
    return this;
  }

  /** Where the rate is kept; in this process alone unless set. */
  public EmbeddingPipelineBuilder rateBuckets(RateBuckets buckets) {
    this.buckets = buckets;
    return this;
  }

  /**
   * The name of the rate bucket, the same on all nodes; the model's id unless set. Models that
   * share an account's limits have one name.
   */
  public EmbeddingPipelineBuilder account(String name) {
    this.account = name;
    return this;
  }

  /**
   * How long a text waits for others to fill its request; 20 ms unless set, zero for not at all.
   */
  public EmbeddingPipelineBuilder maxWait(Duration wait) {
    requireAtLeast(0, "maxWait", wait.toNanos());
    this.maxWait = wait;
    return this;
  }

  /**
   * How long a text waits here for a rate limit; if it is to be longer, its submission is stopped.
   * 1 second unless set.
   */
  public EmbeddingPipelineBuilder patience(Duration patience) {
    requireAtLeast(0, "patience", patience.toNanos());
    this.patience = patience;
    return this;
  }

  /**
   * How often a text is sent again after a server error, a time-out or a broken connection; 2
   * unless set, 0 for never.
   */
  public EmbeddingPipelineBuilder retries(int retries) {
    requireAtLeast(0, "retries", retries);
    this.retries = retries;
    return this;
  }

  /**
   * How many calls run at once at most, with one more for queries; 16 unless set. It begins with 4.
   */
  public EmbeddingPipelineBuilder maxConcurrency(int calls) {
    requireAtLeast(1, "maxConcurrency", calls);
    this.maxConcurrency = calls;
    return this;
  }

  /**
   * How long a provider that needs a person is left alone between two calls that try; 1 minute
   * unless set.
   */
  public EmbeddingPipelineBuilder probeInterval(Duration interval) {
    requireAtLeast(1, "probeInterval", interval.toNanos());
    this.probeInterval = interval;
    return this;
  }

  /** When a provider that fails is left alone; {@link BreakerSettings#DEFAULT} unless set. */
  public EmbeddingPipelineBuilder breaker(BreakerSettings breaker) {
    this.breaker = breaker;
    return this;
  }

  /** Told what becomes of the provider, on a thread of the pipeline: it must not block. */
  public EmbeddingPipelineBuilder listener(Consumer<ProviderEvent> listener) {
    listeners.add(listener);
    return this;
  }

  EmbeddingPipelineBuilder time(PipelineTime time) {
    this.time.close();
    this.time = time;
    return this;
  }

  /** Completes the pipeline, which runs until it is closed. */
  public EmbeddingPipeline build() {
    PipelineSettings settings =
        new PipelineSettings(
            maxWait, patience, retries, FIRST_CONCURRENCY, maxConcurrency, probeInterval, breaker);
    Tally tally = new Tally();
    Tiers tiers =
        new Tiers(model.modelId(), new HeapCache(cacheBytes), cache, cacheForQueries, tally);
    List<Provider> providers = new ArrayList<>();
    providers.add(provider(model, false, settings));
    if (fallback != null) {
      providers.add(provider(fallback, true, settings));
    }
    EmbeddingPipeline.Parts parts =
        new EmbeddingPipeline.Parts(
            model,
            oversize,
            limits(),
            preprocessing,
            settings,
            tiers,
            tally,
            time,
            CallThreads.start(),
            this::tell,
            listeners::add);
    return new EmbeddingPipeline(parts, providers);
  }

  private Provider provider(EmbeddingModel own, boolean isFallback, PipelineSettings settings) {
    RateBuckets store = buckets == null ? RateBuckets.inMemory(InstantSource.system()) : buckets;
    Pace pace =
        isFallback
            ? new Pace(account + " (fallback)", fallbackRateLimits, store, time)
            : new Pace(account, rateLimits, store, time);
    return new Provider(own, isFallback, pace, settings, time, this::tell);
  }

  // What every provider takes.
  private EmbeddingLimits limits() {
    EmbeddingLimits limits = limits(model);
    return fallback == null ? limits : lesser(limits, limits(fallback));
  }

  private static EmbeddingLimits limits(EmbeddingModel model) {
    EmbeddingLimits limits = model.limits();
    return limits.withMaxInputs(Math.min(limits.maxInputs(), model.maxBatchSize()));
  }

  private static EmbeddingLimits lesser(EmbeddingLimits one, EmbeddingLimits other) {
    return new EmbeddingLimits(
        Math.min(one.maxInputs(), other.maxInputs()),
        Math.min(one.maxTokensPerInput(), other.maxTokensPerInput()),
        Math.min(one.maxTokensPerRequest(), other.maxTokensPerRequest()),
        Math.min(one.maxBytesPerRequest(), other.maxBytesPerRequest()));
  }

  private void tell(ProviderEvent event) {
    if (event instanceof ProviderEvent.Paused paused) {
      log.error(
          "Embedding model {} is not called until {}: {}",
          paused.modelId(),
          paused.until(),
          paused.message());
    } else if (event instanceof ProviderEvent.Throttled) {
      log.debug("Embedding model {}: {}", event.modelId(), event);
    } else {
      log.info("Embedding model {}: {}", event.modelId(), event);
    }
    for (Consumer<ProviderEvent> listener : listeners) {
      try {
        listener.accept(event);
      } catch (RuntimeException e) {
        log.error("A listener of the embedding pipeline failed on {}", event, e);
      }
    }
  }

  private static void requireAtLeast(long least, String name, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d: %d".formatted(name, least, value));
    }
  }
}
