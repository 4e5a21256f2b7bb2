package io.neuralbridge.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.scheduling.support.CronExpression;

/** Thousands of random expressions against two references that know nothing of the library. */
class CronPropertyTest {

  private static final long SEED = 20260329;
  private static final int EXPRESSIONS = 3_000;
  private static final int TIMES = 4;

  private final Random random = new Random(SEED);

  @Test
  void randomExpressionsFireWhenABruteForceSearchSaysSo() {
    int never = 0;
    for (int i = 0; i < EXPRESSIONS; i++) {
      CronOracle oracle = CronOracle.random(random, i % 3 == 0);
      LocalDateTime time = anyTime();
      if (oracle.next(time) == null) {
        never++;
        requireRefusedOrRare(oracle);
      } else {
        compare(oracle, time, i % 8 == 0);
      }
    }
    assertThat(never).as("expressions that never fire").isPositive();
  }

  // What does not come in nine years is 29 February on certain weekdays, or never comes.
  private static void requireRefusedOrRare(CronOracle oracle) {
    boolean leapDay = oracle.months().get(2) && oracle.days().get(29);
    if (!leapDay) {
      assertThatThrownBy(() -> CronSchedule.parse(oracle.text(), ZoneOffset.UTC))
          .as(oracle.text())
          .hasMessageContaining("never fires");
    }
  }

  private static void compare(CronOracle oracle, LocalDateTime start, boolean backwards) {
    List<Instant> expected = new ArrayList<>();
    LocalDateTime time = start;
    for (int n = 0; n < TIMES; n++) {
      time = oracle.next(time);
      expected.add(time.toInstant(ZoneOffset.UTC));
    }
    CronSchedule schedule = CronSchedule.parse(oracle.text(), ZoneOffset.UTC);
    assertThat(schedule.next(start.toInstant(ZoneOffset.UTC), TIMES))
        .as("'%s' after %s", oracle.text(), start)
        .isEqualTo(expected);
    if (backwards) {
      assertThat(schedule.previous(expected.get(TIMES - 1)))
          .as("'%s' before %s", oracle.text(), expected.get(TIMES - 1))
          .isEqualTo(expected.get(TIMES - 2));
    }
  }

  @Test
  void expressionsWithOneDayFieldFireWhenSpringSaysSo() {
    int compared = 0;
    while (compared < EXPRESSIONS) {
      CronOracle oracle = CronOracle.random(random, true);
      LocalDateTime time = anyTime();
      if (springAgreesOnDays(oracle) && oracle.next(time) != null) {
        compareWithSpring(oracle.text(), time);
        compared++;
      }
    }
  }

  // Spring wants both days to fit, whatever they say, and steps through the week from Monday on.
  private static boolean springAgreesOnDays(CronOracle oracle) {
    return !oracle.eitherDay() && !oracle.text().matches(".* \\S*\\*/\\S*");
  }

  private static void compareWithSpring(String text, LocalDateTime start) {
    CronSchedule schedule = CronSchedule.parse(text, ZoneOffset.UTC);
    CronExpression spring = CronExpression.parse(text);
    LocalDateTime time = start;
    for (int n = 0; n < TIMES; n++) {
      LocalDateTime expected = spring.next(time);
      assertThat(schedule.next(time.toInstant(ZoneOffset.UTC)))
          .as("'%s' after %s", text, time)
          .isEqualTo(expected.toInstant(ZoneOffset.UTC));
      time = expected;
    }
  }

  private LocalDateTime anyTime() {
    return LocalDateTime.of(2026, 1, 1, 0, 0)
        .plusSeconds(random.nextInt(4 * 366 * 86_400))
        .plusNanos(random.nextInt(1_000_000_000));
  }
}
