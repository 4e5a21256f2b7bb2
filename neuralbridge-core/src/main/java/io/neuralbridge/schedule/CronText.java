package io.neuralbridge.schedule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The text of a cron expression, checked for what the library would take but mean something else.
 *
 * @param text as given, with single spaces
 * @param fields the fields in capitals, without macro
 */
record CronText(String text, List<String> fields) {

  private static final int MAX_LENGTH = 500;
  private static final Pattern FIELD = Pattern.compile("[0-9A-Za-z*,/-]+");
  private static final Pattern STEP_FROM_SUNDAY = Pattern.compile("(.*,)?(0*7|SUN)/.*");
  private static final Pattern RANGE_FROM_SUNDAY = Pattern.compile("\\bSUN-(?!SUN\\b)");
  private static final Map<String, String> MACROS = macros();

  private static Map<String, String> macros() {
    Map<String, String> macros = new LinkedHashMap<>();
    macros.put("@yearly", "0 0 1 1 *");
    macros.put("@annually", "0 0 1 1 *");
    macros.put("@monthly", "0 0 1 * *");
    macros.put("@weekly", "0 0 * * 0");
    macros.put("@daily", "0 0 * * *");
    macros.put("@midnight", "0 0 * * *");
    macros.put("@hourly", "0 * * * *");
    return macros;
  }

  static CronText of(String given) {
    String text = String.join(" ", given.strip().split("\\s+"));
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a cron expression may have %d characters; this one has %d: make several entries of it"
              .formatted(MAX_LENGTH, text.length()));
    }
    String plain = text.startsWith("@") ? expand(text) : text;
    String[] fields = plain.toUpperCase(Locale.ROOT).split(" ");
    requireFields(text, fields);
    int weekday = fields.length - 1;
    requireNoStepFromSunday(text, fields[weekday]);
    fields[weekday] = RANGE_FROM_SUNDAY.matcher(fields[weekday]).replaceAll("0-");
    return new CronText(text, List.of(fields));
  }

  private static String expand(String text) {
    String macro = text.toLowerCase(Locale.ROOT);
    if (macro.equals("@reboot")) {
      throw invalid(text, "it is no time; enqueue the job when your application has started");
    }
    String plain = MACROS.get(macro);
    if (plain == null) {
      throw invalid(text, "there is no such macro; use one of " + MACROS.keySet());
    }
    return plain;
  }

  private static void requireFields(String text, String[] fields) {
    if (fields.length < 5 || fields.length > 6) {
      throw invalid(
          text,
          "it has %d fields; give 5 (minute hour day month weekday), or 6 with seconds first"
              .formatted(text.isEmpty() ? 0 : fields.length));
    }
    for (String field : fields) {
      if (!FIELD.matcher(field).matches()) {
        throw invalid(
            text,
            "'%s' is not a field; write digits, names, * , - / only (for Quartz's ? write *; L, W and # are not supported)"
                .formatted(field));
      }
    }
  }

  // The library takes Sunday for the first day here, and for the last one in a range.
  private static void requireNoStepFromSunday(String text, String weekday) {
    if (STEP_FROM_SUNDAY.matcher(weekday).matches()) {
      throw invalid(
          text,
          "'%s' steps on from Sunday, which 7 puts last; write 0 for the first day of the week"
              .formatted(weekday));
    }
  }

  static IllegalArgumentException invalid(String text, String reason) {
    return new IllegalArgumentException("cron '%s' is not valid: %s".formatted(text, reason));
  }

  boolean hasSeconds() {
    return fields.size() == 6;
  }

  /** Whether a day must fit both day fields, as one of them begins with a star. */
  boolean needsBothDays() {
    return fields.get(fields.size() - 3).startsWith("*")
        || fields.get(fields.size() - 1).startsWith("*");
  }

  /** Whether the hour field names its hours, and does not count through the day. */
  boolean namesHours() {
    String hours = fields.get(fields.size() - 4);
    return !hours.contains("*") && !hours.contains("/");
  }
}
