package io.neuralbridge.examples.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link EmbeddingBenchmark} was asked to do.
 *
 * @param values by the option's name, all of them
 */
record EmbeddingBenchOptions(Map<String, String> values) {

  private static final String QUICK = "--quick";
  private static final String USAGE =
      """
      --quick           all of it on a few hundred chunks, in seconds; first, others may follow
      --scenarios LIST  of ingest, faults and memory; default all
      --contestants ABC only those whose name begins so; default all
      --stores LIST     of h2 and postgres; default both
      --chunks N        for those that keep up with the provider; default 100000
      --slow-chunks N   for those that send one request at a time; default 10000
      --single-chunks N for those that send one text at a time; default 200
      --rounds N        that count, of each scenario; default 3
      --warm-up N       chunks in a round before those that count; default 20000, 0 for none
      --dimensions N    of vectors; default 384
      --latency MS      of the provider; default 50
      --429 SHARE       of requests with faults; default 0.05
      --500 SHARE       of requests with faults; default 0.01
      --retry-after MS  what a 429 asks for; default 100
      --memory LIST     chunks in the corpora at which the heap is looked at; default 10000,100000
      --url URL         a PostgreSQL, with user and password; default: one is started""";

  private static final List<String> FULL =
      List.of(
          "--scenarios", "ingest,faults,memory",
          "--contestants", "",
          "--stores", "h2,postgres",
          "--chunks", "100000",
          "--slow-chunks", "10000",
          "--single-chunks", "200",
          "--rounds", "3",
          "--warm-up", "20000",
          "--dimensions", "384",
          "--latency", "50",
          "--429", "0.05",
          "--500", "0.01",
          "--retry-after", "100",
          "--memory", "10000,100000",
          "--url", "");

  // No 500s: an attempt that failed waits for ten seconds.
  private static final List<String> SMALL =
      List.of(
          "--chunks", "300",
          "--slow-chunks", "130",
          "--single-chunks", "5",
          "--rounds", "1",
          "--warm-up", "0",
          "--dimensions", "8",
          "--latency", "5",
          "--429", "0.25",
          "--500", "0",
          "--retry-after", "10",
          "--memory", "300");

  static EmbeddingBenchOptions parse(String... args) {
    Map<String, String> values = new LinkedHashMap<>();
    put(values, new ArrayDeque<>(FULL));
    put(values, new ArrayDeque<>(Arrays.asList(args)));
    return new EmbeddingBenchOptions(values);
  }

  private static void put(Map<String, String> values, Deque<String> left) {
    while (!left.isEmpty()) {
      String option = left.pop();
      if (option.equals(QUICK)) {
        put(values, new ArrayDeque<>(SMALL));
      } else if (!FULL.contains(option) || !option.startsWith("--")) {
        throw new IllegalArgumentException("unknown option '" + option + "'\n" + USAGE);
      } else if (left.isEmpty()) {
        throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
      } else {
        values.put(option, left.pop());
      }
    }
  }

  EmbeddingBenchOptions with(String option, String value) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    put(changed, new ArrayDeque<>(List.of(option, value)));
    return new EmbeddingBenchOptions(changed);
  }

  int number(String option) {
    try {
      return Integer.parseUnsignedInt(text(option));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s needs a number, not '%s'%n%s".formatted(option, text(option), USAGE), e);
    }
  }

  private double share(String option) {
    double share = Double.parseDouble(text(option));
    if (!(share >= 0 && share <= 0.5)) {
      throw new IllegalArgumentException(option + " must be 0 to 0.5: " + share);
    }
    return share;
  }

  List<String> list(String option) {
    return List.of(text(option).split(",", -1));
  }

  String text(String option) {
    return String.valueOf(values.get(option));
  }

  @Nullable String url() {
    return text("--url").isEmpty() ? null : text("--url");
  }

  ProviderRules flawless() {
    return ProviderRules.FLAWLESS
        .withLatency(number("--latency"))
        .withRetryAfter(number("--retry-after"));
  }

  ProviderRules faulty() {
    return flawless().withFaults(share("--429"), share("--500"));
  }
}
