package io.neuralbridge.retry;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.RateLimitedException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides about failed attempts that the retry policy should not decide about, by kind of job and
 * error. The rules of a builder are asked in their order, then {@link #builtIn}; the first answer
 * holds. Called by many threads at once; a rule that throws is logged and passed over.
 */
@FunctionalInterface
public interface RecoveryRule {

  /** What to do; null where this rule has nothing to say. */
  @Nullable Recovery recover(Job job, Throwable cause);

  /** For every failure. */
  static RecoveryRule always(Recovery recovery) {
    return (job, cause) -> recovery;
  }

  /**
   * For failures with this code, in the exception or in one of its causes.
   *
   * @param code that of a {@link io.neuralbridge.job.JobException}, or the name of an exception's
   *     class
   */
  static RecoveryRule onCode(String code, Recovery recovery) {
    return (job, cause) ->
        Causes.of(cause).anyMatch(each -> JobError.codeOf(each).equals(code)) ? recovery : null;
  }

  /** For failures of this type, subclasses included, in the exception or in one of its causes. */
  static RecoveryRule on(Class<? extends Throwable> type, Recovery recovery) {
    return (job, cause) -> Causes.of(cause).anyMatch(type::isInstance) ? recovery : null;
  }

  /** This rule, for jobs of one kind only. */
  default RecoveryRule forKind(String kind) {
    return (job, cause) -> job.kind().equals(kind) ? recover(job, cause) : null;
  }

  /**
   * The rules that every bridge ends with:
   *
   * <ul>
   *   <li>{@link RateLimitedException}, or a failure with its code: later, after what the service
   *       asked for, else after five minutes times the attempt
   *   <li>code {@code insufficient_data}: cancelled, trying again brings no data
   *   <li>kind {@code cache_cleanup}: again in 30 minutes, always
   * </ul>
   */
  static List<RecoveryRule> builtIn() {
    return List.of(
        RecoveryRule::afterRateLimit,
        onCode("insufficient_data", Recovery.cancel("not enough data")),
        always(Recovery.later(Duration.ofMinutes(30))).forKind("cache_cleanup"));
  }

  private static @Nullable Recovery afterRateLimit(Job job, Throwable cause) {
    return Causes.of(cause)
        .filter(each -> JobError.codeOf(each).equals(RateLimitedException.CODE))
        .findFirst()
        .map(each -> Recovery.later(Causes.retryAfter(each, job.attempt())))
        .orElse(null);
  }
}
