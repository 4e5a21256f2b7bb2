package io.neuralbridge.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {

  /** A Wednesday. */
  private static final Instant START = Instant.parse("2026-03-04T10:20:30Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 2 * * *            | 2026-03-05T02:00:00
          */15 * * * *         | 2026-03-04T10:30:00
          5/20 * * * *         | 2026-03-04T10:25:00
          0 9-17/4 * * *       | 2026-03-04T13:00:00
          30 20 10 * * *       | 2026-03-05T10:20:30
          31 20 10 * * *       | 2026-03-04T10:20:31
          */10 * * * * *       | 2026-03-04T10:20:40
          0 0 * * MON          | 2026-03-09T00:00:00
          0 0 * * mon-fri      | 2026-03-05T00:00:00
          0 0 * * FRI-SUN      | 2026-03-06T00:00:00
          0 0 * * SUN-TUE      | 2026-03-08T00:00:00
          0 0 * * SUN-SUN      | 2026-03-08T00:00:00
          0 0 * * 1-5,SUN-SAT  | 2026-03-05T00:00:00
          0 0 * * 0            | 2026-03-08T00:00:00
          0 0 * * 7            | 2026-03-08T00:00:00
          0 0 * * SUN,7,0      | 2026-03-08T00:00:00
          0 0 1 JAN,apr *      | 2026-04-01T00:00:00
          0 0 31 * *           | 2026-03-31T00:00:00
          0 0 29 2 *           | 2028-02-29T00:00:00
          0 0 29 2 */7         | 2032-02-29T00:00:00
          00 02 * * *          | 2026-03-05T02:00:00
          @yearly              | 2027-01-01T00:00:00
          @annually            | 2027-01-01T00:00:00
          @monthly             | 2026-04-01T00:00:00
          @weekly              | 2026-03-08T00:00:00
          @daily               | 2026-03-05T00:00:00
          @midnight            | 2026-03-05T00:00:00
          @Hourly              | 2026-03-04T11:00:00
          """)
  void everyFormIsRead(String text, LocalDateTime next) {
    assertThat(CronSchedule.parse(text, ZoneOffset.UTC).next(START))
        .isEqualTo(next.toInstant(ZoneOffset.UTC));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 9 13 * FRI     | 2026-03-06T09:00:00 | either day will do
          0 9 1-31 * FRI   | 2026-03-05T09:00:00 | a range is no star, though it holds all days
          0 9 */2 * FRI    | 2026-03-13T09:00:00 | a star and a step begin with a star: both must fit
          0 9 13 * */2     | 2026-06-13T09:00:00 | 13 June is the first 13th on an even weekday
          0 9 13 * *       | 2026-03-13T09:00:00 | one day field alone
          0 9 * * FRI      | 2026-03-06T09:00:00 | the other alone
          """)
  void daysAreCombinedAsInVixieCron(String text, LocalDateTime next, String why) {
    assertThat(CronSchedule.parse(text, ZoneOffset.UTC).next(START))
        .as(why)
        .isEqualTo(next.toInstant(ZoneOffset.UTC));
  }

  @Test
  void nextIsAfterAndNeverAt() {
    CronSchedule schedule = CronSchedule.parse("0 12 * * *", ZoneOffset.UTC);
    Instant noon = Instant.parse("2026-03-04T12:00:00Z");

    assertThat(schedule.next(noon.minusNanos(1))).isEqualTo(noon);
    assertThat(schedule.next(noon)).isEqualTo(Instant.parse("2026-03-05T12:00:00Z"));
    assertThat(schedule.previous(noon.plusNanos(1))).isEqualTo(noon);
    assertThat(schedule.previous(noon)).isEqualTo(Instant.parse("2026-03-03T12:00:00Z"));
  }

  @Test
  void theNextTimesFollowEachOther() {
    assertThat(CronSchedule.parse("0 0 1 * *", ZoneId.of("Asia/Tokyo")).next(START, 3))
        .containsExactly(
            Instant.parse("2026-03-31T15:00:00Z"),
            Instant.parse("2026-04-30T15:00:00Z"),
            Instant.parse("2026-05-31T15:00:00Z"));
    assertThat(CronSchedule.parse("@daily", ZoneOffset.UTC).next(START, 0)).isEmpty();
  }

  @Test
  void aTimeThatComesOnceInFortyYearsIsFoundBothWays() {
    CronSchedule schedule = CronSchedule.parse("0 0 29 2 */7", ZoneOffset.UTC);

    assertThat(schedule.next(Instant.parse("2088-03-01T00:00:00Z")))
        .isEqualTo(Instant.parse("2128-02-29T00:00:00Z"));
    assertThat(schedule.previous(Instant.parse("2128-02-29T00:00:00Z")))
        .isEqualTo(Instant.parse("2088-02-29T00:00:00Z"));
  }

  @Test
  void theTextIsKeptAndReadAgain() {
    CronSchedule schedule = CronSchedule.parse("  0\t2  * * mon ", ZoneId.of("Europe/Berlin"));

    assertThat(schedule.text()).isEqualTo("0 2 * * mon");
    assertThat(Schedule.parse(schedule.text(), schedule.zone()))
        .isEqualTo(schedule)
        .hasSameHashCodeAs(schedule)
        .isNotEqualTo(CronSchedule.parse("0 2 * * mon", ZoneOffset.UTC))
        .hasToString("0 2 * * mon (Europe/Berlin)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                  | it has 0 fields; give 5 (minute hour day month weekday)
          * * * *             | it has 4 fields; give 5
          0 0 0 1 1 ? 2026    | it has 7 fields; give 5
          60 * * * *          | 60 not in range [0, 59]; the fields are minute 0-59
          60 0 * * * *        | 60 not in range [0, 59]
          0 24 * * *          | 24 not in range [0, 23]
          0 0 0 * *           | 0 not in range [1, 31]
          0 0 32 * *          | 32 not in range [1, 31]
          0 0 * 13 *          | 13 not in range [1, 12]
          0 0 * * 8           | 8 not in range [0, 7]
          */0 * * * *         | Period 0 not in range
          */60 * * * *        | Period 60 not in range
          0 22-2 * * *        | Invalid range! [22,2]; the fields are
          0 0 * * FRI-MON     | ranges 1-5 that do not run backwards
          0 0 * MON *         | Invalid chars: MON
          0 0 * * JAN         | Invalid chars: JAN
          0 0 * * MONDAY      | MONDAY; the fields are
          0 0 * * 7/2         | steps on from Sunday, which 7 puts last; write 0
          0 0 * * MON,SUN/2   | steps on from Sunday
          1,,2 * * * *        | the fields are
          1, * * * *          | Trailing commas not permitted
          1- * * * *          | Missing values for range: 1-
          -1 * * * *          | Negative numbers are not allowed
          1/2/3 * * * *       | Invalid expression: 1/2/3
          99999999999 * * * * | the fields are
          +1 * * * *          | '+1' is not a field; write digits, names, * , - / only
          ٣ * * * *           | '٣' is not a field
          0 0 ? * MON         | for Quartz's ? write *
          0 0 * * 2#1         | L, W and # are not supported
          0 0 30 2 *          | it never fires; no month that it names has such a day
          0 0 31 APR,JUN *    | it never fires
          @reboot             | enqueue the job when your application has started
          @dayly              | there is no such macro; use one of [@yearly, @annually
          @every PT5M         | there is no such macro
          """)
  void whatIsNoCronIsRefusedWithItsRemedy(String text, String message) {
    assertThatThrownBy(() -> CronSchedule.parse(text, ZoneOffset.UTC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("cron '%s' is not valid: ".formatted(text))
        .hasMessageContaining(message);
  }

  @Test
  void aTextWithoutEndIsRefused() {
    assertThatThrownBy(() -> CronSchedule.parse("1,".repeat(300) + "2 * * * *", ZoneOffset.UTC))
        .hasMessage(
            "a cron expression may have 500 characters; this one has 609: make several entries of it");
  }
}
