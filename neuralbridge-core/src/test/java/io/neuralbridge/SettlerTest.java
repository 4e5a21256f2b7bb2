package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.job.Share;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettlerTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final RetryPolicy POLICY =
      RetryPolicy.defaults()
          .withBackoff(Duration.ofSeconds(10), 2, Duration.ofHours(1))
          .withJitter(0.5)
          .withNonRetryable(UnsupportedOperationException.class);

  static Lease lease(int attempt, int maxAttempts) {
    JobSpec spec =
        new JobSpec(
            "test", "default", 1, maxAttempts, "{}", Set.of(), Map.of(), Share.DEFAULT, null);
    Job job = new Job(7, spec, JobState.EXECUTING, attempt, 0, NOW, NOW, null, null);
    return new Lease(job, 42, false, NOW);
  }

  private static Transition settle(Lease lease, Outcome outcome) {
    return Settler.settle(lease, outcome, new Recoverer(List.of(), POLICY), NOW, 0.5);
  }

  @Test
  void completedFinishesWithItsResultAsJson() {
    assertThat(settle(lease(1, 3), Outcome.completed(Map.of("n", 1))))
        .isEqualTo(new Transition.Finish(7, 42, JobState.COMPLETED, "{\"n\":1}", null));
    assertThat(settle(lease(1, 3), Outcome.completed()))
        .isEqualTo(new Transition.Finish(7, 42, JobState.COMPLETED, null, null));
  }

  @Test
  void completedWithAResultThatCannotBeWrittenStaysCompleted() {
    List<Object> unwritable = new ArrayList<>();
    unwritable.add(unwritable);

    Transition.Finish finish =
        (Transition.Finish) settle(lease(1, 3), Outcome.completed(unwritable));

    assertThat(finish.state()).isEqualTo(JobState.COMPLETED);
    assertThat(finish.error().code()).isEqualTo("invalid_result");
  }

  @Test
  void snoozedGoesBackAndRefunds() {
    assertThat(settle(lease(3, 3), Outcome.snoozed(Duration.ofMinutes(2))))
        .isEqualTo(new Transition.Back(7, 42, Duration.ofMinutes(2), true, null));
  }

  @Test
  void cancelledFinishesWithItsReason() {
    assertThat(settle(lease(2, 3), Outcome.cancelled("why")))
        .isEqualTo(
            new Transition.Finish(
                7, 42, JobState.CANCELLED, null, JobError.of(2, NOW, "cancelled", "why")));
  }

  @Test
  void failedGoesBackAfterItsBackoff() {
    Transition.Back back =
        (Transition.Back) settle(lease(2, 3), Outcome.failed(new IllegalStateException("x")));

    assertThat(back.delay()).isEqualTo(Duration.ofSeconds(15));
    assertThat(back.refund()).isFalse();
    assertThat(back.error().attempt()).isEqualTo(2);
    assertThat(back.error().code()).isEqualTo("java.lang.IllegalStateException");
    assertThat(back.error().trace()).contains("failedGoesBackAfterItsBackoff");
  }

  @Test
  void failedForTheLastTimeIsDiscarded() {
    Transition.Finish finish =
        (Transition.Finish) settle(lease(3, 3), Outcome.failed(new IllegalStateException("x")));

    assertThat(finish.state()).isEqualTo(JobState.DISCARDED);
    assertThat(finish.error().message()).isEqualTo("x");
  }

  @Test
  void failedForAReasonThatIsNotRetryableIsDiscarded() {
    Outcome failed = Outcome.failed(new UnsupportedOperationException("never"));

    assertThat(((Transition.Finish) settle(lease(1, 3), failed)).state())
        .isEqualTo(JobState.DISCARDED);
  }

  @Test
  void parkedGoesBackWithAReasonAndRefunds() {
    Transition.Back back =
        (Transition.Back) Settler.parked(lease(1, 3), Duration.ofMinutes(1), NOW);

    assertThat(back.refund()).isTrue();
    assertThat(back.delay()).isEqualTo(Duration.ofMinutes(1));
    assertThat(back.error().code()).isEqualTo("unknown_kind");
    assertThat(back.error().message()).contains("'test'");
  }

  @Test
  void handedBackRunsAgainAtOnceAndRefunds() {
    assertThat(Settler.handedBack(lease(1, 3))).isEqualTo(Transition.Back.inPlace(7, 42, null));
  }
}
