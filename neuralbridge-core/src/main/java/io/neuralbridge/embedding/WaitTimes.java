package io.neuralbridge.embedding;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Times to wait as providers write them: Go durations ({@code 6m0s}, {@code 1.5s}, {@code 20ms}),
 * seconds, seconds or milliseconds since 1970, HTTP dates and ISO instants.
 */
final class WaitTimes {

  private static final Duration LONGEST = Duration.ofDays(31);
  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,12})?");
  private static final Pattern GO_PART =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?)(ns|us|µs|μs|ms|s|m|h|d)");
  private static final Pattern GO = Pattern.compile("(?:" + GO_PART.pattern() + ")+");
  private static final Map<String, Double> SECONDS =
      Map.of(
          "ns", 1e-9, "us", 1e-6, "µs", 1e-6, "μs", 1e-6, "ms", 1e-3, "s", 1.0, "m", 60.0, "h",
          3_600.0, "d", 86_400.0);

  /** Beyond these a number is no wait, but a time since 1970. */
  private static final double EPOCH_SECONDS = 1e9;

  private static final double EPOCH_MILLIS = 1e12;

  private WaitTimes() {}

  /** A wait of zero to 31 days; null if {@code text} is none of the known forms. */
  static @Nullable Duration parse(String text, Instant now) {
    if (text.isEmpty()) {
      return null;
    }
    if (NUMBER.matcher(text).matches()) {
      return ofNumber(Double.parseDouble(text), now);
    }
    if (GO.matcher(text).matches()) {
      return ofGo(text);
    }
    try {
      boolean iso = Character.isDigit(text.charAt(0));
      Instant until =
          iso
              ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from)
              : DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
      return bounded(Duration.between(now, until));
    } catch (DateTimeException e) {
      return null;
    }
  }

  static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }

  private static Duration ofNumber(double number, Instant now) {
    if (number < EPOCH_SECONDS) {
      return ofSeconds(number);
    }
    double epochMillis = number < EPOCH_MILLIS ? number * 1e3 : number;
    return bounded(Duration.between(now, Instant.ofEpochMilli((long) epochMillis)));
  }

  private static Duration ofGo(String text) {
    double seconds = 0;
    Matcher part = GO_PART.matcher(text);
    while (part.find()) {
      seconds += Double.parseDouble(part.group(1)) * SECONDS.getOrDefault(part.group(2), 0.0);
    }
    return ofSeconds(seconds);
  }

  // Up to the next millisecond, or the call would come a moment too early.
  private static Duration ofSeconds(double seconds) {
    double bounded = Math.min(seconds, (double) LONGEST.toSeconds());
    long micros = Math.round(bounded * 1e6);
    return bounded(Duration.ofMillis((micros + 999) / 1_000));
  }
}
