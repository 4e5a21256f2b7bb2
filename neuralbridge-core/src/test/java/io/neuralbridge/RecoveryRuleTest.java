package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobException;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.RateLimitedException;
import io.neuralbridge.retry.Recovery;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.retry.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a failure leads to where the retry policy is not asked. */
class RecoveryRuleTest extends EngineTestBase {

  private static final JobType<String> ONCE = TestWorker.TYPE.withMaxAttempts(1);

  private Job fail(JobType<String> type, Exception cause, RecoveryRule... rules) {
    Builder builder =
        builder(
            TestWorker.of(
                type,
                context -> {
                  throw cause;
                }));
    for (RecoveryRule rule : rules) {
      builder.recoveryRule(rule);
    }
    NeuralBridge bridge = start(builder);
    Job job = bridge.enqueue(type.request("x"));
    signals.settled(job);
    return find(job);
  }

  private Duration wait(Job job) {
    return Duration.between(clock.instant(), job.runAt());
  }

  private JobError error(Job job) {
    return store.errors(job.id()).get(0);
  }

  @Test
  void aRateLimitPutsTheJobOffByFiveMinutesAnAttemptAndCostsNone() {
    Job job = fail(ONCE, new RateLimitedException("429"));

    assertThat(job.attempt()).isZero();
    assertThat(wait(job)).isEqualTo(Duration.ofMinutes(5));
    assertThat(error(job).code()).isEqualTo("api_rate_limit");
  }

  @Test
  void aRateLimitGrowsWithTheAttempt() {
    Recoverer recoverer = new Recoverer(RecoveryRule.builtIn(), RetryPolicy.defaults());

    assertThat(
            recoverer.recover(SettlerTest.lease(3, 3).job(), new RateLimitedException("429"), 0.5))
        .isEqualTo(new Recoverer.Again(Duration.ofMinutes(15), true));
  }

  @Test
  void aRateLimitHonoursRetryAfterEvenInsideAnotherException() {
    Exception cause = new RateLimitedException("429", Duration.ofSeconds(7));

    Job job = fail(ONCE, new IllegalStateException("wrapped", cause));

    assertThat(wait(job)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void insufficientDataCancelsWithTheReason() {
    Job job = fail(TestWorker.TYPE, new JobException("insufficient_data", "3 of 50 samples"));

    assertThat(job.state()).isEqualTo(JobState.CANCELLED);
    assertThat(error(job).code()).isEqualTo("insufficient_data");
    assertThat(error(job).message()).isEqualTo("not enough data: 3 of 50 samples");
  }

  @Test
  void aCleanupIsAlwaysTriedAgainInHalfAnHour() {
    JobType<String> cleanup = JobType.of("cache_cleanup", String.class).withMaxAttempts(1);

    Job job = fail(cleanup, new IllegalStateException("disk"));

    assertThat(job.attempt()).isZero();
    assertThat(wait(job)).isEqualTo(Duration.ofMinutes(30));
  }

  @Test
  void theHostsRulesAreAskedFirstInTheirOrder() {
    Job job =
        fail(
            ONCE,
            new RateLimitedException("429"),
            RecoveryRule.always(Recovery.discard()).forKind("another"),
            RecoveryRule.on(RateLimitedException.class, Recovery.later(Duration.ofSeconds(1))),
            RecoveryRule.always(Recovery.discard()));

    assertThat(wait(job)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aRuleMayDiscardAtOnceOrLeaveItToThePolicy() {
    assertThat(
            fail(
                    TestWorker.TYPE,
                    new IllegalStateException("no"),
                    RecoveryRule.onCode("java.lang.IllegalStateException", Recovery.discard()))
                .state())
        .isEqualTo(JobState.DISCARDED);
    assertThat(
            fail(ONCE, new RateLimitedException("429"), RecoveryRule.always(Recovery.byPolicy()))
                .state())
        .isEqualTo(JobState.DISCARDED);
  }

  @Test
  void aRuleThatThrowsIsPassedOver() {
    Job job =
        fail(
            ONCE,
            new RateLimitedException("429"),
            (failed, cause) -> {
              throw new IllegalStateException("broken rule");
            });

    assertThat(wait(job)).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void badDelaysAreRefusedWhenSet() {
    assertThatThrownBy(() -> Recovery.later(Duration.ofSeconds(-1)))
        .hasMessage("a recovery's delay must be 0 to 36500 days: PT-1S");
    assertThatThrownBy(() -> new RateLimitedException("429", Duration.ofSeconds(-1)))
        .hasMessage("retryAfter must be 0 to 36500 days: PT-1S");
  }
}
