package io.neuralbridge.examples.bench;

import java.util.List;

/**
 * How the stub provider behaves.
 *
 * @param latencyMillis how long a request is worked on
 * @param slots how many requests are worked on at once; more wait for their turn
 * @param inputs how many texts a request may hold; more are a 400
 * @param tooMany the share of requests that are answered 429, at once and without a slot
 * @param broken the share of requests that are answered 500, after the latency and in a slot
 * @param retryAfterMillis what a 429 asks for
 * @param seed of the chance that picks those requests
 */
record ProviderRules(
    int latencyMillis,
    int slots,
    int inputs,
    double tooMany,
    double broken,
    int retryAfterMillis,
    long seed) {

  static final ProviderRules FLAWLESS = new ProviderRules(50, 16, 64, 0, 0, 100, 1);

  ProviderRules withLatency(int millis) {
    return new ProviderRules(millis, slots, inputs, tooMany, broken, retryAfterMillis, seed);
  }

  ProviderRules withFaults(double shareTooMany, double shareBroken) {
    return new ProviderRules(
        latencyMillis, slots, inputs, shareTooMany, shareBroken, retryAfterMillis, seed);
  }

  ProviderRules withRetryAfter(int millis) {
    return new ProviderRules(latencyMillis, slots, inputs, tooMany, broken, millis, seed);
  }

  ProviderRules withSeed(long newSeed) {
    return new ProviderRules(
        latencyMillis, slots, inputs, tooMany, broken, retryAfterMillis, newSeed);
  }

  /** Texts a second with all slots busy all the time and all requests full. */
  double ceiling() {
    return slots * 1_000.0 / latencyMillis * inputs;
  }

  /** The ceiling less the slots' time that is lost to requests that fail in one. */
  double allowed() {
    return ceiling() * (1 - tooMany - broken) / (1 - tooMany);
  }

  /** As the arguments of the stub's control path. */
  String query() {
    return "%d,%d,%d,%s,%s,%d,%d"
        .formatted(latencyMillis, slots, inputs, tooMany, broken, retryAfterMillis, seed);
  }

  static ProviderRules parse(String query) {
    List<String> values = List.of(query.split(",", -1));
    return new ProviderRules(
        Integer.parseInt(values.get(0)),
        Integer.parseInt(values.get(1)),
        Integer.parseInt(values.get(2)),
        Double.parseDouble(values.get(3)),
        Double.parseDouble(values.get(4)),
        Integer.parseInt(values.get(5)),
        Long.parseLong(values.get(6)));
  }
}
