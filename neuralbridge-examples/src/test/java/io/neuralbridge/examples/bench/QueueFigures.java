package io.neuralbridge.examples.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What was measured, by contestant, measure and round. */
final class QueueFigures {

  /** Something that every contestant is measured by. */
  enum Measure {
    INSERT("insert jobs/s", "%,.0f"),
    DRAIN("drain jobs/s", "%,.0f"),
    P50("p50 ms", "%.2f"),
    P95("p95 ms", "%.2f"),
    P99("p99 ms", "%.2f");

    private final String title;
    private final String format;

    Measure(String title, String format) {
      this.title = title;
      this.format = format;
    }
  }

  private final Map<String, Map<Measure, List<Double>>> values = new LinkedHashMap<>();

  void add(String contestant, Measure measure, double value) {
    values
        .computeIfAbsent(contestant, name -> new EnumMap<>(Measure.class))
        .computeIfAbsent(measure, name -> new ArrayList<>())
        .add(value);
  }

  Set<String> contestants() {
    return values.keySet();
  }

  /** The values by round; empty if it was not measured. */
  List<Double> rounds(String contestant, Measure measure) {
    return values.getOrDefault(contestant, Map.of()).getOrDefault(measure, List.of());
  }

  double median(String contestant, Measure measure) {
    return median(rounds(contestant, measure));
  }

  /** The median over the rounds of how much of {@code other}'s figure a contestant's is. */
  double ratio(String contestant, String other, Measure measure) {
    List<Double> mine = rounds(contestant, measure);
    List<Double> others = rounds(other, measure);
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < mine.size(); round++) {
      ratios.add(mine.get(round) / others.get(round));
    }
    return median(ratios);
  }

  private static double median(List<Double> values) {
    return Rounds.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** One line a contestant; {@code ×} columns compare with the first and with the last one. */
  String table() {
    List<String> names = List.copyOf(values.keySet());
    String ceiling = names.get(0);
    String rival = names.get(names.size() - 1);
    StringBuilder table = new StringBuilder();
    for (Measure measure : Measure.values()) {
      if (rounds(ceiling, measure).isEmpty()) {
        continue;
      }
      table.append("%n%-14s %14s  × %-12s × %s%n".formatted("", measure.title, ceiling, rival));
      for (String name : names) {
        table.append(
            "%-14s %14s  %14.2f %14.2f%n"
                .formatted(
                    name,
                    String.format(Locale.ROOT, measure.format, median(name, measure)),
                    ratio(name, ceiling, measure),
                    ratio(name, rival, measure)));
      }
    }
    return table.toString();
  }
}
