package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.retry.Recovery;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.retry.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a failed attempt: the first rule that has an answer, else the retry policy. */
record Recoverer(List<RecoveryRule> rules, RetryPolicy policy) {

  private static final Logger log = LoggerFactory.getLogger(Recoverer.class);

  /** What a failure leads to. */
  sealed interface Decision {}

  /**
   * @param refund whether the attempt does not count
   */
  record Again(Duration delay, boolean refund) implements Decision {}

  /**
   * @param state cancelled or discarded
   * @param reason why, if it is not the failure itself
   */
  record Never(JobState state, @Nullable String reason) implements Decision {}

  /**
   * @param random 0 inclusive to 1 exclusive, for the retry's jitter
   */
  Decision recover(Job job, Throwable cause, double random) {
    return rules.stream()
        .flatMap(rule -> Stream.ofNullable(ask(rule, job, cause)))
        .findFirst()
        .map(recovery -> decide(recovery, job, cause, random))
        .orElseGet(() -> byPolicy(job, cause, random));
  }

  private static @Nullable Recovery ask(RecoveryRule rule, Job job, Throwable cause) {
    try {
      return rule.recover(job, cause);
    } catch (RuntimeException | Error e) {
      log.error("Recovery rule {} failed on job {} and is passed over", rule, job.id(), e);
      return null;
    }
  }

  private Decision decide(Recovery recovery, Job job, Throwable cause, double random) {
    if (recovery instanceof Recovery.Later later) {
      return new Again(later.delay(), true);
    }
    if (recovery instanceof Recovery.Cancel cancel) {
      return new Never(JobState.CANCELLED, cancel.reason());
    }
    return recovery instanceof Recovery.Discard
        ? new Never(JobState.DISCARDED, null)
        : byPolicy(job, cause, random);
  }

  private Decision byPolicy(Job job, Throwable cause, double random) {
    if (job.attempt() >= job.spec().maxAttempts() || !policy.retries(cause)) {
      return new Never(JobState.DISCARDED, null);
    }
    return new Again(policy.delayAfter(job.attempt(), random), false);
  }
}
