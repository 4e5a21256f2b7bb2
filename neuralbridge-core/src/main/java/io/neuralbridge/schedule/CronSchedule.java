package io.neuralbridge.schedule;

import java.time.Instant;
import java.time.ZoneId;

/**
 * The times of a cron expression on the wall clock of a zone.
 *
 * <p>Five fields (minute, hour, day of month, month, weekday), or six with seconds first, as in
 * Vixie cron: {@code *}, numbers, names such as {@code JAN} and {@code MON}, lists {@code 1,15},
 * ranges {@code MON-FRI} and steps <code>*&#47;10</code>; weekdays count from Sunday, which is 0
 * and 7. The macros are {@code @yearly @annually @monthly @weekly @daily @midnight @hourly}.
 *
 * <p><b>Days.</b> If neither day field begins with a star, a day that fits one of them will do:
 * {@code 0 9 13 * FRI} is every Friday and every 13th. Otherwise a day must fit both: <code>
 * 0 9 *&#47;2 * FRI</code> is every Friday with an odd date.
 *
 * <p><b>Clock changes.</b> What counts is the hour field:
 *
 * <ul>
 *   <li>If it names hours ({@code 2}, {@code 8-18}, {@code 1,13}), every time comes once. Times
 *       that are left out when clocks go forward come together at the first instant after the gap;
 *       times that come twice when clocks go back count the first time.
 *   <li>If it holds a star or a step ({@code *}, <code>*&#47;2</code>), a time comes whenever the
 *       clock shows it: not in the gap, and in both passes when clocks go back.
 * </ul>
 *
 * <p>Safe for use by many threads.
 */
public final class CronSchedule implements Schedule {

  private final CronText cron;
  private final ZoneId zone;
  private final WallClock clock;

  private CronSchedule(CronText cron, ZoneId zone) {
    this.cron = cron;
    this.zone = zone;
    this.clock = new WallClock(zone.getRules(), CronTimes.of(cron));
  }

  /**
   * Reads a cron expression.
   *
   * @param text five or six fields, or a macro; at most 500 characters
   * @throws IllegalArgumentException with the remedy if it is none, or never fires
   */
  public static CronSchedule parse(String text, ZoneId zone) {
    return new CronSchedule(CronText.of(text), zone);
  }

  @Override
  public String text() {
    return cron.text();
  }

  @Override
  public ZoneId zone() {
    return zone;
  }

  @Override
  public Instant next(Instant after) {
    return cron.namesHours() ? clock.nextOnce(after) : clock.nextShown(after);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronSchedule that
        && cron.text().equals(that.cron.text())
        && zone.equals(that.zone);
  }

  @Override
  public int hashCode() {
    return cron.text().hashCode() + zone.hashCode();
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(cron.text(), zone);
  }
}
