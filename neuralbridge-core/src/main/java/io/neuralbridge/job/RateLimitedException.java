package io.neuralbridge.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A service takes no more calls for now. A job that throws it runs again later and loses no
 * attempt.
 */
public class RateLimitedException extends JobException {

  public static final String CODE = "api_rate_limit";

  private final @Nullable Duration retryAfter;

  public RateLimitedException(String message) {
    this(message, null);
  }

  /**
   * @param retryAfter how long the service asks to be left alone, at most 36,500 days; null if it
   *     does not say
   */
  public RateLimitedException(String message, @Nullable Duration retryAfter) {
    super(CODE, message);
    if (retryAfter != null) {
      NewJob.requireDelay("retryAfter", retryAfter);
    }
    this.retryAfter = retryAfter;
  }

  /** How long the service asks to be left alone; null if it does not say. */
  public final @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
