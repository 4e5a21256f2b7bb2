package io.neuralbridge.examples.bench;

import java.util.List;

/**
 * What the stub provider saw since it was last told to begin.
 *
 * @param requests all of them
 * @param refused those that were answered 429
 * @param broken those that were answered 500
 * @param rejected those that were answered 400 or 404: mistakes of the client
 * @param texts texts that were answered with vectors, each as often as it was asked for
 * @param distinct different ones among them
 * @param busyNanos how long slots were taken, all together
 * @param cpuNanos what the stub's process spent
 */
record ProviderStats(
    long requests,
    long refused,
    long broken,
    long rejected,
    long texts,
    long distinct,
    long busyNanos,
    long cpuNanos) {

  /** Embeddings that were paid for more than once. */
  long repeated() {
    return texts - distinct;
  }

  /** How full the requests were that were answered with vectors. */
  double textsPerRequest() {
    long answered = requests - refused - broken - rejected;
    return answered == 0 ? 0 : (double) texts / answered;
  }

  String line() {
    return "%d,%d,%d,%d,%d,%d,%d,%d"
        .formatted(requests, refused, broken, rejected, texts, distinct, busyNanos, cpuNanos);
  }

  static ProviderStats parse(String line) {
    List<Long> values = List.of(line.strip().split(",", -1)).stream().map(Long::valueOf).toList();
    return new ProviderStats(
        values.get(0),
        values.get(1),
        values.get(2),
        values.get(3),
        values.get(4),
        values.get(5),
        values.get(6),
        values.get(7));
  }
}
