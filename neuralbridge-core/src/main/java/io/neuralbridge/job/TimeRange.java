package io.neuralbridge.job;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A span of time in a {@link JobFilter}, to the microsecond.
 *
 * @param from the first instant in it; null for no beginning
 * @param before the first instant after it; null for no end
 */
public record TimeRange(@Nullable Instant from, @Nullable Instant before) {

  /** All of time, and also jobs that do not have such a time. */
  public static final TimeRange ANY = new TimeRange(null, null);

  public TimeRange {
    from = micros(from);
    before = micros(before);
    if (from != null && before != null && !from.isBefore(before)) {
      throw new IllegalArgumentException(
          "a range of time must begin before it ends: %s to %s".formatted(from, before));
    }
  }

  /** From an instant on. */
  public static TimeRange from(Instant from) {
    return new TimeRange(from, null);
  }

  /** Until shortly before an instant. */
  public static TimeRange before(Instant before) {
    return new TimeRange(null, before);
  }

  /** From an instant on, until shortly before another. */
  public static TimeRange between(Instant from, Instant before) {
    return new TimeRange(from, before);
  }

  /** Whether it leaves nothing out. */
  public boolean isAny() {
    return from == null && before == null;
  }

  boolean contains(@Nullable Instant instant) {
    return isAny()
        || (instant != null
            && (from == null || !instant.isBefore(from))
            && (before == null || instant.isBefore(before)));
  }

  private static @Nullable Instant micros(@Nullable Instant instant) {
    return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS);
  }
}
