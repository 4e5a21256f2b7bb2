package io.neuralbridge.embedding;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EmbeddingModel} refused or failed. The {@link #reason} says whose affair it is and
 * whether waiting helps. The message never holds a secret or a whole text.
 */
public class EmbeddingException extends RuntimeException {

  /** Why a call failed. */
  public enum Reason {
    /** Too many calls or tokens a time (429): the same call succeeds {@link #retryAfter} later. */
    RATE_LIMITED,
    /**
     * The account has no money or quota left (402, 429): a person must act before calls succeed.
     */
    QUOTA_EXHAUSTED,
    /** The key is missing, wrong or not allowed to do this (401, 403): a person must act. */
    AUTHENTICATION,
    /** There is no such model or address (404): a person must act. */
    NOT_FOUND,
    /** The request, or a text in it, is larger than the provider takes (400, 413): fewer may do. */
    TOO_LARGE,
    /** The provider does not take this request, whenever it is sent (other 4xx). */
    REJECTED,
    /** The server has too much to do, or is not ready (503, 529): later it may succeed. */
    OVERLOADED,
    /** The server failed (5xx): trying again may help. */
    SERVER_ERROR,
    /** No answer came in time (408, 504, or the client's own timeout): trying again may help. */
    TIMEOUT,
    /** No connection, or it broke: trying again may help. */
    UNREACHABLE,
    /** The answer was not one vector a text, of finite numbers. */
    BAD_RESPONSE,
    /** The vectors are not as long as was said when the model was built: a person must act. */
    WRONG_DIMENSIONS,
    /** The thread was interrupted, and still is; the request was given up. */
    INTERRUPTED,
    /** Something else, or a model that does not say. */
    UNKNOWN;

    /** Whether the texts of the request may be to blame, so that others may still succeed. */
    public boolean mayBeTheTexts() {
      return this == TOO_LARGE || this == REJECTED || this == BAD_RESPONSE || this == UNKNOWN;
    }

    /** Whether no call will succeed before a person acts. */
    public boolean needsAPerson() {
      return this == QUOTA_EXHAUSTED
          || this == AUTHENTICATION
          || this == NOT_FOUND
          || this == WRONG_DIMENSIONS;
    }
  }

  private final Reason reason;
  private final RateLimitHeaders rateLimits;

  /** A failure for an {@linkplain Reason#UNKNOWN unknown} reason. */
  public EmbeddingException(String message) {
    this(Reason.UNKNOWN, message);
  }

  /** A failure for an {@linkplain Reason#UNKNOWN unknown} reason. */
  public EmbeddingException(String message, @Nullable Throwable cause) {
    this(Reason.UNKNOWN, message, cause);
  }

  public EmbeddingException(Reason reason, String message) {
    this(reason, message, (Throwable) null);
  }

  public EmbeddingException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = Objects.requireNonNull(reason, "reason");
    this.rateLimits = RateLimitHeaders.NONE;
  }

  /**
   * @param rateLimits what the provider said about its limits with the failure
   */
  public EmbeddingException(Reason reason, String message, RateLimitHeaders rateLimits) {
    super(message);
    this.reason = Objects.requireNonNull(reason, "reason");
    this.rateLimits = rateLimits;
  }

  public final Reason reason() {
    return reason;
  }

  /** What the provider said about its limits; {@link RateLimitHeaders#NONE} if nothing. */
  public final RateLimitHeaders rateLimits() {
    return rateLimits;
  }

  /**
   * How long the provider wants to be left alone, zero to 31 days; null if it does not say, and for
   * reasons that time does not mend.
   */
  public @Nullable Duration retryAfter() {
    return switch (reason) {
      case RATE_LIMITED -> rateLimits.untilNextCall();
      case OVERLOADED, SERVER_ERROR, TIMEOUT, QUOTA_EXHAUSTED -> rateLimits.retryAfter();
      default -> null;
    };
  }
}
