package io.neuralbridge.embedding;

import io.neuralbridge.embedding.RateBuckets.Take;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's part of a bucket that all nodes share: takes a tenth of a second's worth at once, so
 * that at a high rate not each call asks the store. For one thread at a time.
 */
final class Pace {

  private static final Logger log = LoggerFactory.getLogger(Pace.class);
  private static final double SLICE_SECONDS = 0.1;
  private static final long KEPT_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long WARN_NANOS = Duration.ofMinutes(1).toNanos();

  private final String bucket;
  private final RateBuckets buckets;
  private final LearntLimits learnt;
  private final PipelineTime time;
  private double requests;
  private double tokens;
  private long usableFrom;
  private long keptUntil;
  private long warnedAt;

  Pace(String bucket, RateLimits configured, RateBuckets buckets, PipelineTime time) {
    this.bucket = bucket;
    this.buckets = buckets;
    this.learnt = new LearntLimits(configured);
    this.time = time;
    long now = time.nanos();
    this.usableFrom = now;
    this.keptUntil = now;
    this.warnedAt = now - WARN_NANOS;
  }

  /** Takes what one request needs. */
  Take reserve(long tokensNeeded, Duration mostWait) {
    long now = time.nanos();
    if (now - keptUntil >= 0) {
      giveBack();
    }
    if (requests < 1 || tokens < tokensNeeded) {
      Take take = fetch(tokensNeeded, mostWait, now);
      if (!take.taken()) {
        return take;
      }
    }
    charge(1, (double) tokensNeeded);
    return new Take(true, Duration.ofNanos(Math.max(0, usableFrom - now)));
  }

  private Take fetch(long tokensNeeded, Duration mostWait, long now) {
    RateLimits limits = learnt.limits();
    double moreRequests = Math.max(1 - requests, limits.requestsPerSecond() * SLICE_SECONDS);
    double moreTokens = Math.max(tokensNeeded - tokens, limits.tokensPerSecond() * SLICE_SECONDS);
    Take take;
    try {
      take = buckets.take(bucket, limits, moreRequests, moreTokens, mostWait);
    } catch (RuntimeException e) {
      warn(e);
      take = new Take(true, Duration.ZERO);
    }
    if (take.taken()) {
      requests += moreRequests;
      tokens += moreTokens;
      usableFrom = Math.max(usableFrom - now, take.delay().toNanos()) + now;
      keptUntil = usableFrom + KEPT_NANOS;
    }
    return take;
  }

  /** Pays for what was used without asking. */
  void charge(double moreRequests, double moreTokens) {
    requests -= moreRequests;
    tokens -= moreTokens;
  }

  /** The provider said what it knows. */
  void told(RateLimitHeaders headers) {
    RateLimits before = learnt.limits();
    learnt.told(headers);
    RateLimits limits = learnt.limits();
    if (!limits.equals(before)) {
      // A slice of what was thought to be unlimited.
      charge(requests, tokens);
    }
    double requestsLeft = left(headers.requests(), limits.requestsAtOnce());
    double tokensLeft = left(headers.tokens(), limits.tokensAtOnce());
    if (requestsLeft < Double.MAX_VALUE || tokensLeft < Double.MAX_VALUE) {
      requests = Math.min(requests, requestsLeft);
      tokens = Math.min(tokens, tokensLeft);
      tell(store -> store.lower(bucket, limits, requestsLeft, tokensLeft));
    }
  }

  // What is more than a bucket ever holds changes nothing.
  private static double left(RateLimitHeaders.Bucket told, double atOnce) {
    Long remaining = told.remaining();
    return remaining == null || remaining >= atOnce ? Double.MAX_VALUE : remaining;
  }

  /** No node sends anything for so long. */
  void close(Duration wait) {
    tell(store -> store.close(bucket, learnt.limits(), wait));
  }

  /** Gives back what is held here. */
  void giveBack() {
    double unusedRequests = requests;
    double unusedTokens = tokens;
    requests = 0;
    tokens = 0;
    if (unusedRequests != 0 || unusedTokens != 0) {
      tell(store -> store.giveBack(bucket, learnt.limits(), unusedRequests, unusedTokens));
    }
  }

  private void tell(Consumer<RateBuckets> message) {
    try {
      message.accept(buckets);
    } catch (RuntimeException e) {
      warn(e);
    }
  }

  private void warn(RuntimeException e) {
    long now = time.nanos();
    if (now - warnedAt >= WARN_NANOS) {
      warnedAt = now;
      log.warn("The rate bucket {} cannot be asked; calls go on without it", bucket, e);
    }
  }
}
