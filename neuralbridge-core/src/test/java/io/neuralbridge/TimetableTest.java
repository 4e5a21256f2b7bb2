package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.schedule.CronSchedule;
import io.neuralbridge.schedule.InMemoryScheduler;
import io.neuralbridge.schedule.Recurring;
import java.time.Duration;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Recurring jobs in a bridge. */
class TimetableTest extends EngineTestBase {

  private final Recurring hourly =
      Recurring.of(
          "hourly",
          CronSchedule.parse("0 * * * *", ZoneOffset.UTC),
          TestWorker.TYPE.request("tick"));
  private final InMemoryQueue queue = new InMemoryQueue(clock);
  private final InMemoryScheduler scheduler = new InMemoryScheduler(queue, clock);

  private Builder recurring() {
    return builder(queue, TestWorker.of(context -> Outcome.completed()))
        .scheduler(scheduler)
        .recurring(hourly);
  }

  @Test
  void aStartedBridgeRunsEachPlannedTimeOnce() {
    start(recurring());
    NeuralBridge second = start(recurring());
    Signals.until(() -> scheduler.find("hourly").isPresent());

    clock.advance(Duration.ofMinutes(60));
    signals.settledAll(1);
    clock.advance(Duration.ofMinutes(60));
    signals.settledAll(2);

    assertThat(second.counts()).containsEntry(JobState.COMPLETED, 2L);
  }

  @Test
  void aDrainFiresWhatIsDue() {
    NeuralBridge bridge = recurring().build();
    assertThat(bridge.drain().jobs()).isEmpty();

    clock.advance(Duration.ofMinutes(60));

    assertThat(bridge.drain().count(JobState.COMPLETED)).isEqualTo(1);
  }

  @Test
  void whatAnExtensionBringsRecursUnlessTheHostHasOneOfItsName() {
    Recurring theirs = hourly.withSchedule(CronSchedule.parse("30 * * * *", ZoneOffset.UTC));
    Recurring daily =
        Recurring.of(
            "daily",
            CronSchedule.parse("0 4 * * *", ZoneOffset.UTC),
            TestWorker.TYPE.request("daily"));

    recurring().install(installer -> installer.recurring(theirs, daily)).build().drain();

    assertThat(scheduler.find("hourly").orElseThrow().recurring()).isEqualTo(hourly);
    assertThat(scheduler.find("daily").orElseThrow().recurring()).isEqualTo(daily);
  }

  @Test
  void anEntryRunsNowWhenAsked() {
    NeuralBridge bridge = start(recurring());
    Signals.until(() -> bridge.schedule().find("hourly").isPresent());

    Job job = bridge.schedule().runNow("hourly").orElseThrow();

    assertThat(signals.settled(job).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void recurringJobsWithoutASchedulerAreRefused() {
    Builder builder = builder(store, TestWorker.of(context -> Outcome.completed()));

    assertThatThrownBy(() -> builder.recurring(hourly).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'hourly'")
        .hasMessageContaining(".scheduler(");
    assertThatThrownBy(() -> builder(store).build().schedule())
        .isInstanceOf(IllegalStateException.class);
  }
}
