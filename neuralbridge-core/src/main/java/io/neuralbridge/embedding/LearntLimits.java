package io.neuralbridge.embedding;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The limits that hold: what was configured, and less if the provider's headers say so. */
final class LearntLimits {

  /** A limit that takes longer to be there again is one of a day. */
  private static final Duration LONGEST_MINUTE = Duration.ofMinutes(10);

  private RateLimits limits;

  LearntLimits(RateLimits configured) {
    this.limits = configured;
  }

  RateLimits limits() {
    return limits;
  }

  void told(RateLimitHeaders headers) {
    limits =
        new RateLimits(
            lesser(limits.requestsPerMinute(), headers.requests()),
            lesser(limits.tokensPerMinute(), headers.tokens()));
  }

  private static @Nullable Long lesser(@Nullable Long known, RateLimitHeaders.Bucket told) {
    Long limit = told.limit();
    if (limit == null || limit < 1 || !isOfAMinute(limit, told)) {
      return known;
    }
    return known == null || limit < known ? limit : known;
  }

  // Nobody says of what time a limit is: what was used of it comes back in reset.
  private static boolean isOfAMinute(long limit, RateLimitHeaders.Bucket told) {
    Long remaining = told.remaining();
    Duration reset = told.reset();
    if (reset == null || remaining == null || remaining >= limit) {
      return reset == null || reset.compareTo(LONGEST_MINUTE) <= 0;
    }
    double used = (double) (limit - Math.max(0, remaining));
    return reset.toMillis() * (limit / used) <= LONGEST_MINUTE.toMillis();
  }
}
