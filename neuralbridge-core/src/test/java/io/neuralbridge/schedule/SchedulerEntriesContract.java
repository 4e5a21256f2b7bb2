package io.neuralbridge.schedule;

import static io.neuralbridge.job.Unique.Field.META;
import static io.neuralbridge.job.Unique.Field.RUN_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.job.Unique;
import io.neuralbridge.schedule.ScheduleEntry.Origin;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Entries that are created, edited, paused and deleted while the application runs. */
public abstract class SchedulerEntriesContract extends SchedulerContract {

  @Test
  void aNewEntryIsPlannedFromNowOn() {
    ScheduleEntry created = scheduler.create(hourly("cleanup")).orElseThrow();

    assertThat(created.nextAt()).isEqualTo(at("13:00"));
    assertThat(created.origin()).isEqualTo(Origin.RUN_TIME);
    assertThat(created.paused()).isFalse();
    assertThat(created.lastAt()).isNull();
    assertThat(created.lastJobId()).isNull();
    assertThat(scheduler.find("cleanup")).contains(created);
  }

  @Test
  void everyPartOfAnEntryIsKept() {
    Recurring wanted =
        Recurring.of(
                "report:eu-1",
                CronSchedule.parse("30 2 * * MON-FRI", ZoneId.of("Europe/Berlin")),
                CLEANUP
                    .withQueue("slow")
                    .withPriority(7)
                    .withMaxAttempts(3)
                    .withTags("b", "a")
                    .request("naïve \u0000 \uD83D\uDE80 " + "long ".repeat(1_000))
                    .withMeta(Map.of("tenant", "Zoë"))
                    .withKey("tenant 7")
                    .withWeight(12)
                    .withUnique(
                        Unique.byArgs().within(Duration.ofHours(2)).replacing(RUN_AT, META)))
            .withMisfire(MisfirePolicy.ALL.startingWithin(Duration.ofMillis(7_000_500)).atMost(9));

    ScheduleEntry created = scheduler.create(wanted).orElseThrow();
    Recurring interval =
        Recurring.of("beat", Schedule.every(Duration.ofMinutes(5)), CLEANUP.request("x"))
            .withOverlap(OverlapPolicy.SKIP);
    scheduler.create(interval);

    assertThat(scheduler.find("report:eu-1")).contains(created);
    assertThat(created.recurring()).isEqualTo(wanted);
    assertThat(find("beat").recurring()).isEqualTo(interval);
  }

  @Test
  void createLeavesAnEntryWithThatNameAlone() {
    ScheduleEntry first = scheduler.create(hourly("cleanup")).orElseThrow();

    assertThat(scheduler.create(hourly("cleanup").withMisfire(MisfirePolicy.SKIP))).isEmpty();
    assertThat(find("cleanup")).isEqualTo(first);
  }

  @Test
  void listIsByName() {
    assertThat(scheduler.list()).isEmpty();
    scheduler.create(hourly("b"));
    scheduler.create(hourly("a"));
    scheduler.create(hourly("C"));

    assertThat(scheduler.list()).extracting(ScheduleEntry::name).containsExactly("C", "a", "b");
    assertThat(scheduler.find("d")).isEmpty();
  }

  @Test
  void putReplacesTheDefinitionAndKeepsThePlanOfAnUnchangedSchedule() {
    scheduler.put(hourly("cleanup"));
    advanceTo(at("15:30"));

    ScheduleEntry put = scheduler.put(hourly("cleanup").withJob(CLEANUP.request("new")));

    assertThat(put.nextAt()).as("still due, and made up for").isEqualTo(at("13:00"));
    assertThat(find("cleanup")).isEqualTo(put);
    assertThat(fireAt(at("15:31"))).extracting(job -> job.spec().args()).containsExactly("\"new\"");
  }

  @Test
  void aChangedScheduleStartsAnew() {
    scheduler.put(hourly("cleanup"));
    advanceTo(at("15:30"));

    ScheduleEntry put =
        scheduler.put(hourly("cleanup").withSchedule(Schedule.every(Duration.ofMinutes(10))));

    assertThat(put.nextAt()).isEqualTo(at("15:40"));
    assertThat(scheduler.fire(10)).isEmpty();
  }

  @Test
  void updateEditsWhatIsStored() {
    scheduler.create(hourly("cleanup"));

    ScheduleEntry edited =
        scheduler.update("cleanup", old -> old.withMisfire(MisfirePolicy.SKIP)).orElseThrow();

    assertThat(edited.recurring()).isEqualTo(hourly("cleanup").withMisfire(MisfirePolicy.SKIP));
    assertThat(find("cleanup")).isEqualTo(edited);
    assertThat(scheduler.update("other", old -> old)).isEmpty();
  }

  @Test
  void anEntryCannotBeRenamed() {
    scheduler.create(hourly("cleanup"));

    assertThatThrownBy(() -> scheduler.update("cleanup", old -> hourly("tidy")))
        .hasMessage("entry 'cleanup' cannot be renamed to 'tidy': create that one and delete this");
    assertThat(scheduler.list()).extracting(ScheduleEntry::name).containsExactly("cleanup");
  }

  @Test
  void aPausedEntryIsNotFiredAndItsTimesAreNotMadeUpFor() {
    scheduler.create(hourly("cleanup").withMisfire(MisfirePolicy.ALL));

    assertThat(scheduler.pause("cleanup")).isTrue();
    assertThat(scheduler.pause("cleanup")).as("pausing twice").isTrue();
    assertThat(find("cleanup").paused()).isTrue();
    assertThat(find("cleanup").nextAt()).isNull();
    assertThat(fireAt(at("15:30"))).isEmpty();

    assertThat(scheduler.resume("cleanup")).isTrue();
    assertThat(find("cleanup").nextAt()).isEqualTo(at("16:00"));
    assertThat(scheduler.fire(10)).isEmpty();
    assertThat(planned(fireAt(at("16:00")))).containsExactly(at("16:00"));
  }

  @Test
  void resumingWhatIsNotPausedTakesNothingFromIt() {
    scheduler.create(hourly("cleanup"));
    advanceTo(at("13:30"));

    assertThat(scheduler.resume("cleanup")).isTrue();
    assertThat(find("cleanup").nextAt()).isEqualTo(at("13:00"));
  }

  @Test
  void aPausedEntryStaysPausedWhenItIsEdited() {
    scheduler.create(hourly("cleanup"));
    scheduler.pause("cleanup");

    scheduler.put(hourly("cleanup").withSchedule(Schedule.every(Duration.ofMinutes(1))));

    assertThat(find("cleanup").paused()).isTrue();
    assertThat(fireAt(at("15:30"))).isEmpty();
  }

  @Test
  void whatIsNotThereCannotBePausedResumedOrDeleted() {
    assertThat(scheduler.pause("cleanup")).isFalse();
    assertThat(scheduler.resume("cleanup")).isFalse();
    assertThat(scheduler.delete("cleanup")).isFalse();
  }

  @Test
  void aDeletedEntryIsGoneAndItsJobsStay() {
    scheduler.create(hourly("cleanup"));
    long job = fireAt(at("13:00")).get(0).id();

    assertThat(scheduler.delete("cleanup")).isTrue();
    assertThat(scheduler.find("cleanup")).isEmpty();
    assertThat(fireAt(at("14:00"))).isEmpty();
    assertThat(queue.find(job)).isPresent();
    assertThat(scheduler.create(hourly("cleanup"))).isPresent();
  }
}
