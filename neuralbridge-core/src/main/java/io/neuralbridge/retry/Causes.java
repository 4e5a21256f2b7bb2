package io.neuralbridge.retry;

import io.neuralbridge.job.RateLimitedException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;

/** What rules look for in an exception. */
final class Causes {

  private static final int DEEPEST = 20;
  private static final Duration PER_ATTEMPT = Duration.ofMinutes(5);

  private Causes() {}

  // Bounded, because causes may go in a circle.
  static Stream<Throwable> of(Throwable cause) {
    return Stream.iterate(cause, Objects::nonNull, Throwable::getCause).limit(DEEPEST);
  }

  static Duration retryAfter(Throwable rateLimit, int attempt) {
    Duration asked = rateLimit instanceof RateLimitedException known ? known.retryAfter() : null;
    return asked == null ? PER_ATTEMPT.multipliedBy(Math.max(1, attempt)) : asked;
  }
}
