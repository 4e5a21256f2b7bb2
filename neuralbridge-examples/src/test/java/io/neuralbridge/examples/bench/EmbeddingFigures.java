package io.neuralbridge.examples.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The results of one scenario, by contestant and round. */
final class EmbeddingFigures {

  private final Map<String, List<EmbeddingResult>> results = new LinkedHashMap<>();

  void add(String contestant, EmbeddingResult result) {
    results.computeIfAbsent(contestant, name -> new ArrayList<>()).add(result);
  }

  Set<String> contestants() {
    return results.keySet();
  }

  List<EmbeddingResult> rounds(String contestant) {
    return results.getOrDefault(contestant, List.of());
  }

  double median(String contestant, ToDoubleFunction<EmbeddingResult> measure) {
    return Rounds.median(rounds(contestant).stream().mapToDouble(measure).toArray());
  }

  /** The median over the rounds of how many times another's rate a contestant's is. */
  private double ratio(String contestant, String other) {
    List<EmbeddingResult> mine = rounds(contestant);
    List<EmbeddingResult> others = rounds(other);
    double[] ratios = new double[mine.size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = mine.get(round).storedPerSecond() / others.get(round).storedPerSecond();
    }
    return Rounds.median(ratios);
  }

  /**
   * One line a contestant.
   *
   * @param ceiling chunks a second that the provider allows
   */
  String rates(double ceiling) {
    String first = contestants().iterator().next();
    StringBuilder table =
        new StringBuilder(
            "%n%-26s %8s %9s %10s  × %-12s %10s %11s %12s%n"
                .formatted(
                    "",
                    "chunks",
                    "chunks/s",
                    "of ceiling",
                    first,
                    "texts/req.",
                    "own CPU s",
                    "provider's"));
    for (String name : contestants()) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-26s %,8d %,9.0f %10.3f %15.2f %10.1f %11.2f %12.2f%n",
              name,
              rounds(name).get(0).chunks(),
              median(name, EmbeddingResult::storedPerSecond),
              median(name, EmbeddingResult::storedPerSecond) / ceiling,
              ratio(name, first),
              median(name, result -> result.provider().textsPerRequest()),
              median(name, EmbeddingResult::cpuSeconds),
              median(name, EmbeddingResult::providerCpuSeconds)));
    }
    return table + "CPU: seconds for 100,000 chunks; a database server's is not in it.\n";
  }

  /** What went wrong, one line a contestant, all rounds together. */
  String losses() {
    StringBuilder table =
        new StringBuilder(
            "%n%-26s %8s %8s %8s %8s %10s  %s%n"
                .formatted("", "429s", "500s", "lost", "paid 2x", "exceptions", "the first"));
    for (String name : contestants()) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-26s %,8d %,8d %,8d %,8d %,10d  %s%n",
              name,
              sum(name, result -> result.provider().refused()),
              sum(name, result -> result.provider().broken()),
              sum(name, EmbeddingResult::lost),
              sum(name, result -> result.provider().repeated()),
              sum(name, result -> result.landing().failures()),
              shortened(rounds(name).get(0).landing().firstFailure())));
    }
    return table.toString();
  }

  private long sum(String contestant, ToDoubleFunction<EmbeddingResult> measure) {
    return (long) rounds(contestant).stream().mapToDouble(measure).sum();
  }

  private static String shortened(String message) {
    String line = message.lines().findFirst().orElse("");
    return line.length() > 110 ? line.substring(0, 110) + "…" : line;
  }

  /** What the same documents cost when they came again. */
  String again() {
    StringBuilder table =
        new StringBuilder(
            "%n%-26s %8s %9s %16s %14s%n"
                .formatted("again, unchanged", "chunks", "chunks/s", "embedded again", "stored"));
    for (String name : contestants()) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-26s %,8d %,9.0f %,16d %,14d%n",
              name,
              rounds(name).get(0).chunks(),
              median(name, EmbeddingResult::perSecond),
              rounds(name).get(0).provider().texts(),
              rounds(name).get(0).landing().stored()));
    }
    return table.toString();
  }
}
