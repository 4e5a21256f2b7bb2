package io.neuralbridge.schedule;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/**
 * Cron by brute force: a set of numbers a field, and a look at one second after the other. Shares
 * no line with what it judges.
 */
record CronOracle(
    String text,
    BitSet seconds,
    BitSet minutes,
    BitSet hours,
    BitSet days,
    BitSet months,
    BitSet weekdays,
    boolean eitherDay) {

  private static final List<String> WEEKDAYS =
      List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

  static CronOracle of(String text) {
    List<String> fields = new ArrayList<>(List.of(text.split(" ", -1)));
    if (fields.size() == 5) {
      fields.add(0, "0");
    }
    BitSet weekdays = set(fields.get(5), 0, 7, WEEKDAYS, 0);
    weekdays.set(0, weekdays.get(0) || weekdays.get(7));
    return new CronOracle(
        text,
        set(fields.get(0), 0, 59, List.of(), 0),
        set(fields.get(1), 0, 59, List.of(), 0),
        set(fields.get(2), 0, 23, List.of(), 0),
        set(fields.get(3), 1, 31, List.of(), 0),
        set(fields.get(4), 1, 12, MONTHS, 1),
        weekdays,
        !fields.get(3).startsWith("*") && !fields.get(5).startsWith("*"));
  }

  private static BitSet set(String field, int low, int high, List<String> names, int firstName) {
    BitSet set = new BitSet();
    for (String part : field.split(",", -1)) {
      String[] range = part.split("/", -1);
      String[] ends = range[0].split("-", -1);
      int from = range[0].equals("*") ? low : number(ends[0], names, firstName);
      int to = ends.length == 2 ? number(ends[1], names, firstName) : from;
      boolean open = range[0].equals("*") || (ends.length == 1 && range.length == 2);
      int step = range.length == 2 ? Integer.parseInt(range[1]) : 1;
      for (int i = from; i <= (open ? high : to); i += step) {
        set.set(i);
      }
    }
    return set;
  }

  private static int number(String text, List<String> names, int firstName) {
    int name = names.indexOf(text);
    return name < 0 ? Integer.parseInt(text) : name + firstName;
  }

  boolean matches(LocalDateTime time) {
    return seconds.get(time.getSecond())
        && minutes.get(time.getMinute())
        && hours.get(time.getHour())
        && matchesDay(time);
  }

  private boolean matchesDay(LocalDateTime time) {
    boolean day = days.get(time.getDayOfMonth());
    boolean weekday = weekdays.get(time.getDayOfWeek().getValue() % 7);
    return months.get(time.getMonthValue()) && (eitherDay ? day || weekday : day && weekday);
  }

  /** The first match after {@code after}; null if there is none within nine years. */
  LocalDateTime next(LocalDateTime after) {
    LocalDateTime time = after.withNano(0).plusSeconds(1);
    LocalDateTime end = time.plusYears(9);
    while (time.isBefore(end)) {
      if (!matchesDay(time)) {
        time = time.toLocalDate().plusDays(1).atStartOfDay();
      } else if (!hours.get(time.getHour())) {
        time = time.withMinute(0).withSecond(0).plusHours(1);
      } else if (!minutes.get(time.getMinute())) {
        time = time.withSecond(0).plusMinutes(1);
      } else if (!seconds.get(time.getSecond())) {
        time = time.plusSeconds(1);
      } else {
        return time;
      }
    }
    return null;
  }

  /** A random expression, without the readings of a week from Sunday to Sunday that differ. */
  static CronOracle random(Random random, boolean withSeconds) {
    List<String> fields = new ArrayList<>();
    if (withSeconds) {
      fields.add(field(random, 0, 59, 0.2, List.of(), 0));
    }
    fields.add(field(random, 0, 59, 0.2, List.of(), 0));
    fields.add(field(random, 0, 23, 0.3, List.of(), 0));
    fields.add(field(random, 1, 31, 0.5, List.of(), 0));
    fields.add(field(random, 1, 12, 0.6, MONTHS, 1));
    fields.add(field(random, 0, 7, 0.5, WEEKDAYS, 0));
    return of(String.join(" ", fields));
  }

  private static String field(
      Random random, int low, int high, double star, List<String> names, int firstName) {
    if (random.nextDouble() < star) {
      return "*";
    }
    List<String> parts = new ArrayList<>();
    int count = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 1;
    for (int i = 0; i < count; i++) {
      parts.add(part(random, low, high, names, firstName));
    }
    return String.join(",", parts);
  }

  private static String part(Random random, int low, int high, List<String> names, int firstName) {
    int from = low + random.nextInt(high - low + 1);
    int to = from + random.nextInt(high - from + 1);
    int step = 1 + random.nextInt(high - 1);
    String first = name(random, from, names, firstName);
    String last = to == 0 ? "0" : name(random, to, names, firstName);
    if (high == 7 && from == 7) {
      return first;
    }
    return switch (random.nextInt(5)) {
      case 0 -> "*/" + step;
      case 1 -> first + "-" + last;
      case 2 -> first + "-" + last + "/" + step;
      case 3 -> (first.equals("SUN") ? "0" : first) + "/" + step;
      default -> first;
    };
  }

  private static String name(Random random, int number, List<String> names, int firstName) {
    int index = number - firstName;
    boolean hasName = index >= 0 && index < names.size();
    return hasName && random.nextInt(3) == 0 ? names.get(index) : String.valueOf(number);
  }
}
