package io.neuralbridge.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

  @Test
  void anIntervalCountsFromTheBeginningOf1970() {
    Schedule schedule = Schedule.every(Duration.ofMinutes(15));

    assertThat(schedule.next(Instant.parse("2026-03-04T10:20:30Z"), 2))
        .containsExactly(
            Instant.parse("2026-03-04T10:30:00Z"), Instant.parse("2026-03-04T10:45:00Z"));
    assertThat(schedule.next(Instant.parse("2026-03-04T10:30:00Z")))
        .isEqualTo(Instant.parse("2026-03-04T10:45:00Z"));
    assertThat(schedule.next(Instant.parse("1969-12-31T23:50:00Z"))).isEqualTo(Instant.EPOCH);
    assertThat(schedule.previous(Instant.parse("2026-03-04T10:30:00Z")))
        .isEqualTo(Instant.parse("2026-03-04T10:15:00Z"));
  }

  @Test
  void anIntervalTakesNoNoticeOfClockChanges() {
    Schedule schedule = Schedule.every(Duration.ofHours(2));

    assertThat(schedule.next(Instant.parse("2026-03-28T23:00:00Z"), 3))
        .containsExactly(
            Instant.parse("2026-03-29T00:00:00Z"),
            Instant.parse("2026-03-29T02:00:00Z"),
            Instant.parse("2026-03-29T04:00:00Z"));
  }

  @Test
  void anIntervalIsReadFromItsText() {
    Schedule schedule = Schedule.every(Duration.ofMinutes(90));

    assertThat(schedule.text()).isEqualTo("@every PT1H30M");
    assertThat(schedule.zone()).isEqualTo(ZoneOffset.UTC);
    assertThat(Schedule.parse("  @every   PT90M ", ZoneId.of("Asia/Tokyo"))).isEqualTo(schedule);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-5S", "PT0.5S", "PT1.5S", "P367D"})
  void anOddIntervalIsRefused(Duration interval) {
    assertThatThrownBy(() -> Schedule.every(interval))
        .hasMessage("an interval must be whole seconds, 1 second to 366 days: " + interval);
  }

  @ParameterizedTest
  @ValueSource(strings = {"@every", "@every 5 minutes", "@every 15m", "@everyday"})
  void anIntervalWithoutDurationIsRefused(String text) {
    assertThatThrownBy(() -> Schedule.parse(text, ZoneOffset.UTC))
        .hasMessage(
            "'%s' has no duration: write it as in '@every PT15M' or '@every PT1H30M'"
                .formatted(text));
  }

  @Test
  void theLastTimesOfASpanAreFoundWhetherDenseOrSparse() {
    Schedule dense = CronSchedule.parse("* * 2 1 * *", ZoneOffset.UTC);
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant until = Instant.parse("2026-12-24T00:00:00Z");

    assertThat(Backwards.last(dense, from, until, 3))
        .containsExactly(
            Instant.parse("2026-12-01T02:59:57Z"),
            Instant.parse("2026-12-01T02:59:58Z"),
            Instant.parse("2026-12-01T02:59:59Z"));
    Schedule sparse = CronSchedule.parse("0 2 1 * *", ZoneOffset.UTC);
    assertThat(Backwards.last(sparse, from, until, 100))
        .hasSize(12)
        .isSorted()
        .startsWith(Instant.parse("2026-01-01T02:00:00Z"));
    assertThat(Backwards.last(sparse, until, until.plusSeconds(60), 100)).isEmpty();
  }
}
