package io.neuralbridge.job;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a listing of jobs, from which the next page goes on. It stays good whatever happens to
 * the jobs around it, and as text ({@link #toString}, {@link #parse}) it fits into a URL.
 *
 * @param time the time by which the last job had its place; null in {@link JobOrder#NEWEST}
 * @param id the last job's
 */
public record JobCursor(JobOrder order, @Nullable Instant time, long id) {

  private static final Pattern TEXT =
      Pattern.compile("([a-z_]+)\\.(\\d+)(?:\\.(-?\\d+)\\.(\\d{1,9}))?");

  public JobCursor {
    if ((time == null) != (order == JobOrder.NEWEST)) {
      throw new IllegalArgumentException(
          "a cursor by %s %s a time".formatted(order, time == null ? "needs" : "has not"));
    }
  }

  /** The place of a job. */
  public static JobCursor at(JobOrder order, Job job) {
    return new JobCursor(order, order.timeOf(job), job.id());
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static JobCursor parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw noCursor(text);
    }
    try {
      String time = parts.group(3);
      return new JobCursor(
          JobOrder.valueOf(parts.group(1).toUpperCase(Locale.ROOT)),
          time == null
              ? null
              : Instant.ofEpochSecond(Long.parseLong(time), Long.parseLong(parts.group(4))),
          Long.parseLong(parts.group(2)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw noCursor(text);
    }
  }

  private static IllegalArgumentException noCursor(String text) {
    return new IllegalArgumentException(
        "'%s' is no cursor: give the text of a page's next()".formatted(text));
  }

  @Override
  public String toString() {
    String place = order.name().toLowerCase(Locale.ROOT) + "." + id;
    return time == null ? place : place + "." + time.getEpochSecond() + "." + time.getNano();
  }
}
