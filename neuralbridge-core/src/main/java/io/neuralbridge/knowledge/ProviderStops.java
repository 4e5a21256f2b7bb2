package io.neuralbridge.knowledge;

import io.neuralbridge.cost.BudgetSpent;
import io.neuralbridge.embedding.EmbeddingException;
import io.neuralbridge.embedding.EmbeddingException.Reason;
import io.neuralbridge.embedding.ProviderPausedException;
import io.neuralbridge.job.JobException;
import io.neuralbridge.job.RateLimitedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What it means for a job that a model takes no more calls. */
final class ProviderStops {

  /** Long enough for a server to work off a queue, short enough not to leave it idle. */
  private static final Duration WHILE_OVERLOADED = Duration.ofSeconds(30);

  private static final Duration WHILE_SPENT = Duration.ofMinutes(15);

  private ProviderStops() {}

  /**
   * The exception that a run ends with. What the provider's own limits are to blame for is a
   * deferral: it costs no attempt, however often it comes, and what the provider asks for is
   * waited. So is a provider that a pipeline has stopped to call.
   *
   * @throws InterruptedException if the run is asked to end
   */
  static JobException because(EmbeddingException stop) throws InterruptedException {
    if (stop instanceof ProviderPausedException paused) {
      // Nothing was sent, and the same holds for all jobs that wait.
      return later(paused, paused.retryAfter());
    }
    return switch (stop.reason()) {
      case INTERRUPTED -> throw new InterruptedException(stop.getMessage());
      case RATE_LIMITED, QUOTA_EXHAUSTED -> later(stop, stop.retryAfter());
      case OVERLOADED -> {
        Duration asked = stop.retryAfter();
        yield later(stop, asked == null ? WHILE_OVERLOADED : asked);
      }
      default -> failed(stop);
    };
  }

  /** A budget that is spent puts off too; soon enough for one that is raised. */
  static JobException because(BudgetSpent spent, Instant now) {
    Duration left = Duration.between(now, spent.until());
    Duration wait = left.compareTo(WHILE_SPENT) < 0 ? left : WHILE_SPENT;
    return new RateLimitedException(spent.message(), wait.isNegative() ? Duration.ZERO : wait);
  }

  /** A failed attempt, with the reason in its code, such as {@code embedding_server_error}. */
  static JobException failed(EmbeddingException cause) {
    return new JobException(code(cause.reason()), String.valueOf(cause.getMessage()), cause);
  }

  private static String code(Reason reason) {
    return "embedding_" + reason.name().toLowerCase(Locale.ROOT);
  }

  private static JobException later(EmbeddingException stop, @Nullable Duration retryAfter) {
    RateLimitedException later =
        new RateLimitedException(String.valueOf(stop.getMessage()), retryAfter);
    later.initCause(stop);
    return later;
  }
}
