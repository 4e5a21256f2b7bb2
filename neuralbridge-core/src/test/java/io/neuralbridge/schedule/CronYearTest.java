package io.neuralbridge.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The year 2026, with its clock changes: by an hour, and on Lord Howe Island by half of one. */
class CronYearTest {

  private static final Instant YEAR = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NEXT_YEAR = Instant.parse("2027-01-01T00:00:00Z");
  private static final long SEED = 20261025;
  private static final int RANDOM_EXPRESSIONS = 12;
  private static final int MOST_TIMES = 800;

  /**
   * The rules, told by hand: the times of one expression around a change, on the wall clock before
   * it (the gap, or the first pass) and after.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Europe/Berlin       | 2026-03-29T00:00+01:00 | 30 2 * * *    | 2026-03-29T03:00+02:00, 2026-03-30T02:30+02:00
          Europe/Berlin       | 2026-03-29T00:00+01:00 | 0,30 2 * * *  | 2026-03-29T03:00+02:00, 2026-03-30T02:00+02:00
          Europe/Berlin       | 2026-03-29T00:00+01:00 | 30 2,3 * * *  | 2026-03-29T03:00+02:00, 2026-03-29T03:30+02:00
          Europe/Berlin       | 2026-03-29T00:00+01:00 | 0 1-4 * * *   | 2026-03-29T01:00+01:00, 2026-03-29T03:00+02:00, 2026-03-29T04:00+02:00
          Europe/Berlin       | 2026-03-29T00:00+01:00 | 30 * * * *    | 2026-03-29T00:30+01:00, 2026-03-29T01:30+01:00, 2026-03-29T03:30+02:00
          Europe/Berlin       | 2026-03-29T00:30+01:00 | 0 */2 * * *   | 2026-03-29T04:00+02:00, 2026-03-29T06:00+02:00
          Europe/Berlin       | 2026-03-29T01:40+01:00 | */15 * * * *  | 2026-03-29T01:45+01:00, 2026-03-29T03:00+02:00
          Europe/Berlin       | 2026-10-25T00:00+02:00 | 30 2 * * *    | 2026-10-25T02:30+02:00, 2026-10-26T02:30+01:00
          Europe/Berlin       | 2026-10-25T02:30+02:00 | 0,30 2 * * *  | 2026-10-26T02:00+01:00
          Europe/Berlin       | 2026-10-25T02:10+01:00 | 30 2-3 * * *  | 2026-10-25T03:30+01:00
          Europe/Berlin       | 2026-10-25T01:00+02:00 | 30 * * * *    | 2026-10-25T01:30+02:00, 2026-10-25T02:30+02:00, 2026-10-25T02:30+01:00, 2026-10-25T03:30+01:00
          Europe/Berlin       | 2026-10-25T00:30+02:00 | 0 */2 * * *   | 2026-10-25T02:00+02:00, 2026-10-25T02:00+01:00, 2026-10-25T04:00+01:00
          America/New_York    | 2026-03-08T00:00-05:00 | 15 2 * * SUN  | 2026-03-08T03:00-04:00, 2026-03-15T02:15-04:00
          America/New_York    | 2026-11-01T00:00-04:00 | 15 1 * * *    | 2026-11-01T01:15-04:00, 2026-11-02T01:15-05:00
          Australia/Lord_Howe | 2026-10-04T00:00+10:30 | 15 2 * * *    | 2026-10-04T02:30+11:00, 2026-10-05T02:15+11:00
          Australia/Lord_Howe | 2026-10-04T00:00+10:30 | 45 2 * * *    | 2026-10-04T02:45+11:00
          Australia/Lord_Howe | 2026-10-04T01:00+10:30 | 0 * * * *     | 2026-10-04T03:00+11:00
          Australia/Lord_Howe | 2026-10-04T01:30+10:30 | */30 * * * *  | 2026-10-04T02:30+11:00, 2026-10-04T03:00+11:00
          Australia/Lord_Howe | 2026-04-05T00:00+11:00 | 45 1 * * *    | 2026-04-05T01:45+11:00, 2026-04-06T01:45+10:30
          Australia/Lord_Howe | 2026-04-05T01:00+11:00 | 45 */1 * * *  | 2026-04-05T01:45+11:00, 2026-04-05T01:45+10:30, 2026-04-05T02:45+10:30
          Africa/Cairo        | 2026-04-23T12:00+02:00 | 0 0 * * *     | 2026-04-24T01:00+03:00, 2026-04-25T00:00+03:00
          """)
  void theRuleOfTheHourFieldHolds(String zone, String after, String text, String expected) {
    CronSchedule schedule = CronSchedule.parse(text, ZoneId.of(zone));
    List<Instant> times = Stream.of(expected.split(", ", -1)).map(CronYearTest::instant).toList();

    assertThat(schedule.next(instant(after), times.size())).isEqualTo(times);
    assertThat(schedule.previous(times.get(times.size() - 1).plusSeconds(1)))
        .isEqualTo(times.get(times.size() - 1));
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
  void everyMinuteOfTheYearAgrees(String zone) {
    Year year = Year.of(ZoneId.of(zone));
    Random random = new Random(SEED);
    List<CronOracle> expressions = new ArrayList<>(fixedExpressions());
    while (expressions.size() < fixedExpressions().size() + RANDOM_EXPRESSIONS) {
      expressions.add(CronOracle.random(random, false));
    }
    int compared = 0;
    for (CronOracle oracle : expressions) {
      List<Instant> expected = year.times(oracle);
      if (!expected.isEmpty() && expected.size() < MOST_TIMES) {
        compare(oracle, ZoneId.of(zone), expected, YEAR, NEXT_YEAR);
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(fixedExpressions().size());
  }

  private static List<CronOracle> fixedExpressions() {
    return Stream.of(
            "30 2 * * *",
            "0 1,2,3 * * *",
            "*/20 1-3 * * SUN",
            "0 */8 * * *",
            "30 1/1 * * SAT-SUN",
            "15 2 1-7 * SUN")
        .map(CronOracle::of)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe"})
  void everyMinuteAroundTheChangesAgrees(String zone) {
    Year year = Year.of(ZoneId.of(zone));
    List<Instant> changes = year.changes();
    assertThat(changes).hasSize(2);
    for (Instant change : changes) {
      Instant from = change.minus(Duration.ofHours(5));
      Instant until = change.plus(Duration.ofHours(5));
      for (String text : List.of("* * * * *", "*/7 * * * *", "* 0-4 * * *", "*/10 */1 * * *")) {
        CronOracle oracle = CronOracle.of(text);
        List<Instant> expected =
            year.times(oracle).stream()
                .filter(time -> time.isAfter(from) && time.isBefore(until))
                .toList();
        compare(oracle, ZoneId.of(zone), expected, from, until);
      }
    }
  }

  private static void compare(
      CronOracle oracle, ZoneId zone, List<Instant> expected, Instant from, Instant until) {
    CronSchedule schedule = CronSchedule.parse(oracle.text(), zone);
    List<Instant> times = new ArrayList<>();
    for (Instant time = schedule.next(from); time.isBefore(until); time = schedule.next(time)) {
      times.add(time);
    }
    assertThat(times).as("'%s' in %s", oracle.text(), zone).isEqualTo(expected);
  }

  @Test
  void aTimeAfterTheYear9000IsFoundToo() {
    assertThat(
            CronSchedule.parse("30 2 * * *", ZoneId.of("Europe/Berlin"))
                .next(Instant.parse("9000-01-01T00:00:00Z")))
        .isEqualTo(Instant.parse("9000-01-01T01:30:00Z"));
  }

  /**
   * Every minute of the year and what the wall clock shows then: the rules by looking, not by
   * arithmetic.
   */
  private record Year(List<Instant> minutes, List<LocalDateTime> shown) {

    static Year of(ZoneId zone) {
      // A day earlier, so that the year's first minutes are not taken for what follows a gap.
      Instant start = YEAR.minus(Duration.ofDays(1));
      int count = (int) ChronoUnit.MINUTES.between(start, NEXT_YEAR);
      List<Instant> minutes =
          IntStream.range(0, count).mapToObj(i -> start.plusSeconds(60L * i)).toList();
      return new Year(
          minutes, minutes.stream().map(minute -> LocalDateTime.ofInstant(minute, zone)).toList());
    }

    List<Instant> changes() {
      return IntStream.range(1, minutes.size())
          .filter(i -> !shown.get(i).equals(shown.get(i - 1).plusMinutes(1)))
          .mapToObj(minutes::get)
          .toList();
    }

    List<Instant> times(CronOracle oracle) {
      String hours = oracle.text().split(" ", -1)[1];
      boolean once = !hours.contains("*") && !hours.contains("/");
      List<Instant> times = new ArrayList<>();
      Set<LocalDateTime> seen = new HashSet<>();
      for (int i = 1; i < minutes.size(); i++) {
        boolean due = once ? isDueOnce(oracle, i, seen) : oracle.matches(shown.get(i));
        if (due && minutes.get(i).isAfter(YEAR)) {
          times.add(minutes.get(i));
        }
      }
      return times;
    }

    private boolean isDueOnce(CronOracle oracle, int i, Set<LocalDateTime> seen) {
      boolean due = oracle.matches(shown.get(i)) && seen.add(shown.get(i));
      for (LocalDateTime skipped = shown.get(i - 1).plusMinutes(1);
          skipped.isBefore(shown.get(i));
          skipped = skipped.plusMinutes(1)) {
        due |= oracle.matches(skipped);
      }
      return due;
    }
  }
}
