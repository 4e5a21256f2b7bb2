package io.neuralbridge.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of the times that nobody was there to fire. */
public abstract class SchedulerMisfireContract extends SchedulerContract {

  /** All down from noon until half past four. */
  private List<Job> afterDowntime(MisfirePolicy misfire) {
    scheduler.create(hourly("cleanup").withMisfire(misfire));
    return fireAt(at("16:30"));
  }

  @Test
  void skipMakesUpForNothing() {
    assertThat(afterDowntime(MisfirePolicy.SKIP)).isEmpty();
    assertThat(find("cleanup").lastAt()).isNull();
    assertThat(planned(fireAt(at("17:00")))).containsExactly(at("17:00"));
  }

  @Test
  void skipFiresTheLastTimeIfItIsHardlyLate() {
    scheduler.create(hourly("cleanup").withMisfire(MisfirePolicy.SKIP));

    assertThat(planned(fireAt(at("16:01")))).containsExactly(at("16:00"));
    assertThat(fireAt(at("17:01").plusMillis(1))).isEmpty();
    assertThat(find("cleanup").nextAt()).isEqualTo(at("18:00"));
  }

  @Test
  void onceMakesUpForAllByTheLast() {
    assertThat(planned(afterDowntime(MisfirePolicy.ONCE))).containsExactly(at("16:00"));
    assertThat(find("cleanup").nextAt()).isEqualTo(at("17:00"));
    assertThat(scheduler.fire(10)).isEmpty();
  }

  @Test
  void onceMakesUpForASingleTimeHoweverLate() {
    scheduler.create(hourly("cleanup"));

    assertThat(planned(fireAt(at("13:59")))).containsExactly(at("13:00"));
  }

  @Test
  void onceGivesUpWhatMayNotStartThatLate() {
    MisfirePolicy within = MisfirePolicy.ONCE.startingWithin(Duration.ofMinutes(20));

    assertThat(afterDowntime(within)).isEmpty();
    assertThat(planned(fireAt(at("18:20")))).containsExactly(at("18:00"));
  }

  @Test
  void allMakesUpForEachInOrder() {
    assertThat(planned(afterDowntime(MisfirePolicy.ALL)))
        .containsExactly(at("13:00"), at("14:00"), at("15:00"), at("16:00"));
    assertThat(find("cleanup").lastAt()).isEqualTo(at("16:00"));
    assertThat(find("cleanup").nextAt()).isEqualTo(at("17:00"));
  }

  @Test
  void allKeepsToTheLastOnesUpToItsLimit() {
    assertThat(planned(afterDowntime(MisfirePolicy.ALL.atMost(2))))
        .containsExactly(at("15:00"), at("16:00"));
    assertThat(find("cleanup").nextAt()).isEqualTo(at("17:00"));
  }

  @Test
  void allKeepsToThoseThatMayStillStart() {
    assertThat(planned(afterDowntime(MisfirePolicy.ALL.startingWithin(Duration.ofMinutes(90)))))
        .containsExactly(at("15:00"), at("16:00"));
  }

  @Test
  void allOfAYearOfSecondsIsBoundedToo() {
    scheduler.create(
        hourly("beat")
            .withSchedule(Schedule.every(Duration.ofSeconds(1)))
            .withMisfire(MisfirePolicy.ALL));
    Instant later = NOON.plus(Duration.ofDays(365));

    assertThat(planned(fireAt(later)))
        .isEqualTo(IntStream.range(0, 100).mapToObj(i -> later.minusSeconds(99 - i)).toList());
    assertThat(find("beat").nextAt()).isEqualTo(later.plusSeconds(1));
  }

  @Test
  void aScheduleThatIsFiredInTimeLosesNothingUnderAnyPolicy() {
    List<MisfirePolicy> policies =
        List.of(MisfirePolicy.SKIP, MisfirePolicy.ONCE, MisfirePolicy.ALL);
    policies.forEach(policy -> scheduler.create(hourly(policy.rule().name()).withMisfire(policy)));

    for (String time : List.of("13:00", "14:00", "15:00")) {
      assertThat(planned(fireAt(at(time).plusSeconds(3)))).containsOnly(at(time)).hasSize(3);
    }
  }
}
