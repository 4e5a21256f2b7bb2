package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Transition;
import io.neuralbridge.worker.WorkerOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {

  private final Run run = new Run(SettlerTest.lease(1, 3), () -> {});

  private Transition after(Run.Stop reason, Outcome said) {
    run.begin(WorkerOptions.defaults());
    if (reason != Run.Stop.NONE) {
      run.stop(reason);
    }
    run.finish();
    return new Verdict(List.of()).of(run, said).transition();
  }

  @ParameterizedTest
  @EnumSource(Run.Stop.class)
  void workThatIsDoneIsDoneWhoeverStoppedIt(Run.Stop reason) {
    Transition.Finish finish = (Transition.Finish) after(reason, Outcome.completed("done"));

    assertThat(finish.state()).isEqualTo(JobState.COMPLETED);
    assertThat(finish.error()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Run.Stop.class)
  void aWorkerThatGivesUpItsJobIsBelieved(Run.Stop reason) {
    Transition.Finish finish = (Transition.Finish) after(reason, Outcome.cancelled("no data"));

    assertThat(finish.state()).isEqualTo(JobState.CANCELLED);
    assertThat(finish.error().message()).isEqualTo("no data");
  }

  @ParameterizedTest
  @CsvSource({"CANCELLED, cancelled", "EXPIRED, deadline_exceeded"})
  void whatWasLeftUndoneOnRequestOrAfterItsDeadlineIsCancelled(Run.Stop reason, String code) {
    for (Outcome undone :
        new Outcome[] {Outcome.failed(new Exception()), Outcome.snoozed(Duration.ofDays(1))}) {
      Transition.Finish finish = (Transition.Finish) after(reason, undone);

      assertThat(finish.state()).isEqualTo(JobState.CANCELLED);
      assertThat(finish.error().code()).isEqualTo(code);
    }
  }

  @Test
  void whatWasLeftUndoneAtItsTimeoutFailsAlsoWhereItsWorkerWouldSnooze() {
    Transition.Back back =
        (Transition.Back) after(Run.Stop.TIMED_OUT, Outcome.snoozed(Duration.ofDays(1)));

    assertThat(back.refund()).isFalse();
    assertThat(back.error().code()).isEqualTo("timeout");
    assertThat(back.delay()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
  }

  @ParameterizedTest
  @EnumSource(names = {"SHUTDOWN", "LEASE_LOST"})
  void whatTheNodeLeftUndoneIsHandedBackUnlessItsWorkerWouldSnooze(Run.Stop reason) {
    Transition.Back failed = (Transition.Back) after(reason, Outcome.failed(new Exception()));
    assertThat(failed.refund()).isTrue();
    assertThat(failed.delay()).as("it keeps its place").isNull();
    assertThat(failed.error()).isNull();

    Transition.Back snoozed =
        (Transition.Back) after(reason, Outcome.snoozed(Duration.ofMinutes(1)));
    assertThat(snoozed.delay()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void theFirstReasonStaysButAUsersOutweighsATimeouts() {
    run.begin(WorkerOptions.defaults());

    run.stop(Run.Stop.TIMED_OUT);
    run.stop(Run.Stop.SHUTDOWN);
    assertThat(run.stop()).isEqualTo(Run.Stop.TIMED_OUT);
    run.stop(Run.Stop.CANCELLED);
    run.stop(Run.Stop.TIMED_OUT);
    assertThat(run.stop()).isEqualTo(Run.Stop.CANCELLED);
    run.finish();
  }

  @Test
  void aRepeatedRequestDoesNotInterruptTheTidyingUp() {
    run.begin(WorkerOptions.defaults());
    run.stop(Run.Stop.CANCELLED);
    assertThat(Thread.interrupted()).isTrue();

    run.stop(Run.Stop.CANCELLED);
    assertThat(Thread.interrupted()).isFalse();
    run.stop(Run.Stop.TIMED_OUT);
    assertThat(Thread.interrupted()).as("but the end of its time does, once").isTrue();
    run.finish();
  }
}
