package io.neuralbridge.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values in a form that every database takes, so that no row can fail the batch that it is in: a
 * value out of range becomes the nearest one in range.
 */
final class SqlText {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final TypeReference<Map<String, String>> META = new TypeReference<>() {};

  // A hundred years: in nanoseconds, in which H2 adds, a thousand overflow without a word.
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  private SqlText() {}

  static String clean(String text) {
    return isStorable(text) ? text : repair(text);
  }

  static @Nullable String cleanOrNull(@Nullable String text) {
    return text == null ? null : clean(text);
  }

  private static boolean isStorable(String text) {
    return text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
  }

  // NUL cannot be stored as text in PostgreSQL, and a surrogate without its other half not as
  // UTF-8.
  private static String repair(String text) {
    StringBuilder repaired = new StringBuilder(text.length());
    text.codePoints()
        .map(
            c ->
                c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                    ? '\uFFFD'
                    : c)
        .forEach(repaired::appendCodePoint);
    return repaired.toString();
  }

  /** Names hold no space, so that a space can stand between them. */
  static String tags(Set<String> tags) {
    return String.join(" ", tags);
  }

  static Set<String> tags(String tags) {
    return tags.isEmpty() ? Set.of() : Set.of(tags.split(" ", -1));
  }

  static @Nullable String meta(Map<String, String> meta) {
    return meta.isEmpty() ? null : clean(MAPPER.writeValueAsString(meta));
  }

  /**
   * As JSON that PostgreSQL takes as {@code jsonb}, which knows no NUL, not even an escaped one.
   */
  static String jsonb(Map<String, String> texts) {
    Map<String, String> clean = new LinkedHashMap<>();
    texts.forEach((key, value) -> clean.put(clean(key), clean(value)));
    return MAPPER.writeValueAsString(clean);
  }

  /** How one entry stands within what {@link #meta(Map)} writes. */
  static String metaEntry(String key, String value) {
    String alone = clean(MAPPER.writeValueAsString(Map.of(key, value)));
    return alone.substring(1, alone.length() - 1);
  }

  static Map<String, String> meta(@Nullable String meta) {
    return meta == null ? Map.of() : MAPPER.readValue(meta, META);
  }

  static @Nullable Long microsOrNull(@Nullable Duration duration) {
    return duration == null ? null : micros(duration);
  }

  static long micros(Duration duration) {
    Duration bounded = duration.abs().compareTo(LONGEST) <= 0 ? duration : LONGEST;
    return TimeUnit.SECONDS.toMicros(bounded.getSeconds()) + bounded.getNano() / 1_000;
  }

  static String instant(Instant instant) {
    Instant bounded = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
    return bounded.truncatedTo(ChronoUnit.MICROS).toString();
  }

  static @Nullable String instantOrNull(@Nullable Instant instant) {
    return instant == null ? null : instant(instant);
  }
}
