package io.neuralbridge.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The times of a cron expression on a wall clock that nobody ever puts forward or back. */
final class CronTimes {

  private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final Map<Form, CronParser> PARSERS = new ConcurrentHashMap<>();
  private static final String LIBRARY_PREFIX = "Failed to parse cron expression. ";
  private static final String FORM =
      "the fields are minute 0-59, hour 0-23, day 1-31, month 1-12 or JAN-DEC, weekday 0-7 or SUN-SAT"
          + " (0 and 7 are Sunday); with lists 1,2, ranges 1-5 that do not run backwards, and steps */10";

  private record Form(boolean seconds, boolean bothDays) {}

  private final String text;
  private final ExecutionTime library;

  private CronTimes(String text, ExecutionTime library) {
    this.text = text;
    this.library = library;
  }

  static CronTimes of(CronText cron) {
    Form form = new Form(cron.hasSeconds(), cron.needsBothDays());
    CronParser parser = PARSERS.computeIfAbsent(form, CronTimes::parser);
    CronTimes times = new CronTimes(cron.text(), parse(parser, cron));
    if (times.library.nextExecution(ANY_TIME.atZone(ZoneOffset.UTC)).isEmpty()) {
      throw CronText.invalid(cron.text(), "it never fires; no month that it names has such a day");
    }
    return times;
  }

  private static ExecutionTime parse(CronParser parser, CronText cron) {
    try {
      return ExecutionTime.forCron(parser.parse(String.join(" ", cron.fields())));
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage()).replace(LIBRARY_PREFIX, "");
      throw CronText.invalid(cron.text(), "%s; %s".formatted(reason, FORM));
    }
  }

  private static CronParser parser(Form form) {
    return new CronParser(definition(form));
  }

  private static CronDefinition definition(Form form) {
    CronDefinitionBuilder builder = CronDefinitionBuilder.defineCron();
    if (form.seconds) {
      builder.withSeconds().withValidRange(0, 59).withStrictRange().and();
    }
    builder.withMinutes().withValidRange(0, 59).withStrictRange().and();
    builder.withHours().withValidRange(0, 23).withStrictRange().and();
    builder.withDayOfMonth().withValidRange(1, 31).withStrictRange().and();
    builder.withMonth().withValidRange(1, 12).withStrictRange().and();
    builder
        .withDayOfWeek()
        .withValidRange(0, 7)
        .withMondayDoWValue(1)
        .withIntMapping(7, 0)
        .withStrictRange()
        .and();
    if (form.bothDays) {
      builder.matchDayOfWeekAndDayOfMonth();
    }
    return builder.instance();
  }

  /** The first time after {@code after}. */
  LocalDateTime next(LocalDateTime after) {
    // As if in UTC: the library's own idea of clock changes is not asked.
    return library
        .nextExecution(after.atZone(ZoneOffset.UTC))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cron '%s' has no time after %s".formatted(text, after)))
        .toLocalDateTime();
  }
}
