package io.neuralbridge.examples.bench;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What {@link QueueBenchmark} was asked to do.
 *
 * @param jobs how many are inserted and drained in each round
 * @param rounds how many rounds count
 * @param warmUps how many come before and do not
 * @param latencies how many single jobs are timed in each round, after as many that are not; 0 for
 *     none
 * @param waiting how many jobs wait while memory is measured; 0 to leave it out
 * @param url of a PostgreSQL with user and password, null to start one
 */
record BenchOptions(
    int jobs, int rounds, int warmUps, int latencies, int waiting, @Nullable String url) {

  static final BenchOptions FULL = new BenchOptions(50_000, 3, 3, 300, 1_000_000, null);

  private static final String USAGE =
      """
      --jobs N       inserted and drained in each round; default 50000
      --rounds N     that count; default 3
      --latencies N  single jobs from another process in each round; default 300, 0 for none
      --waiting N    jobs that wait while memory is measured; default 1000000, 0 to leave it out
      --url URL      a PostgreSQL, with user and password; default: one is started""";

  static BenchOptions parse(String[] args) {
    Deque<String> left = new ArrayDeque<>(Arrays.asList(args));
    BenchOptions options = FULL;
    while (!left.isEmpty()) {
      options = options.with(left.pop(), left.isEmpty() ? "" : left.pop());
    }
    return options;
  }

  private BenchOptions with(String option, String value) {
    return switch (option) {
      case "--jobs" ->
          new BenchOptions(number(option, value), rounds, warmUps, latencies, waiting, url);
      case "--rounds" ->
          new BenchOptions(jobs, number(option, value), warmUps, latencies, waiting, url);
      case "--latencies" ->
          new BenchOptions(jobs, rounds, warmUps, number(option, value), waiting, url);
      case "--waiting" ->
          new BenchOptions(jobs, rounds, warmUps, latencies, number(option, value), url);
      case "--url" -> new BenchOptions(jobs, rounds, warmUps, latencies, waiting, value);
      default -> throw new IllegalArgumentException("unknown option '" + option + "'\n" + USAGE);
    };
  }

  private static int number(String option, String value) {
    try {
      return Integer.parseUnsignedInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s needs a number, not '%s'%n%s".formatted(option, value, USAGE), e);
    }
  }
}
