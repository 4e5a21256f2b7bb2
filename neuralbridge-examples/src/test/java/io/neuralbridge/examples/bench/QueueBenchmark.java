package io.neuralbridge.examples.bench;

import io.neuralbridge.examples.bench.QueueFigures.Measure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Bulk insert, drain and pick-up latency of NeuralBridge, of db-scheduler and of plain JDBC as the
 * ceiling, in turns on one PostgreSQL; and the memory that NeuralBridge takes while many jobs wait.
 * Every drain is checked: each job ran once.
 *
 * <p>{@code mvn -q -Pqueue-benchmark process-test-classes -Dbench.args="--jobs 10000"}; the
 * arguments are those of {@link BenchOptions}, all optional.
 */
public final class QueueBenchmark {

  private static final int FEW_WAITING = 1_000;

  private final BenchOptions options;
  private final BenchDatabase database;
  private final List<QueueContestant> contestants = new ArrayList<>();
  private final QueueFigures figures = new QueueFigures();

  private QueueBenchmark(BenchOptions options, BenchDatabase database) throws Exception {
    this.options = options;
    this.database = database;
    QueueContestant.makeTables(database.dataSource());
    for (String name : QueueContestant.NAMES) {
      contestants.add(QueueContestant.of(name, database.dataSource()));
    }
  }

  public static void main(String[] args) throws Exception {
    run(BenchOptions.parse(args));
  }

  static QueueFigures run(BenchOptions options) throws Exception {
    try (BenchDatabase database = BenchDatabase.open(options.url())) {
      QueueBenchmark benchmark = new QueueBenchmark(options, database);
      report(
          "%s; %,d jobs, %d workers; medians of %d interleaved rounds%n",
          database.version(), options.jobs(), QueueContestant.WORKERS, options.rounds());
      benchmark.rounds();
      System.out.print(benchmark.figures.table());
      benchmark.memory();
      return benchmark.figures;
    }
  }

  private void rounds() throws Exception {
    for (int round = -options.warmUps(); round < options.rounds(); round++) {
      List<QueueContestant> inTurn = new ArrayList<>(contestants);
      Collections.rotate(inTurn, round);
      System.out.println(round < 0 ? "warm-up" : "round " + (round + 1));
      for (QueueContestant contestant : inTurn) {
        throughput(contestant, round >= 0);
      }
      for (QueueContestant contestant : inTurn) {
        if (round >= 0 && options.latencies() > 0) {
          latency(contestant);
        }
      }
    }
  }

  private void throughput(QueueContestant contestant, boolean counts) throws Exception {
    database.clear(contestant.tables());
    database.settle(contestant.tables());
    long beforeInsert = System.nanoTime();
    contestant.insert(options.jobs());
    long inserted = System.nanoTime() - beforeInsert;
    database.settle(contestant.tables());
    long drained = drain(contestant);
    report(
        "  %-14s %,9.0f jobs/s in  %,9.0f jobs/s out%n",
        contestant.name(), perSecond(inserted), perSecond(drained));
    if (counts) {
      figures.add(contestant.name(), Measure.INSERT, perSecond(inserted));
      figures.add(contestant.name(), Measure.DRAIN, perSecond(drained));
    }
  }

  private static void report(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }

  private double perSecond(long nanos) {
    return options.jobs() * 1e9 / nanos;
  }

  /** Nanoseconds from the start of the workers until the store is done with the last job. */
  @SuppressWarnings("try")
  private long drain(QueueContestant contestant) throws Exception {
    Tally tally = new Tally(options.jobs());
    long nanos;
    long begin = System.nanoTime();
    try (AutoCloseable workers = contestant.work(tally)) {
      tally.await();
      nanos = System.nanoTime() - begin;
    }
    tally.requireEachOnce();
    long left = database.count(contestant.tables().get(0));
    if (left > 0) {
      throw new IllegalStateException("%s left %d jobs".formatted(contestant.name(), left));
    }
    return nanos;
  }

  @SuppressWarnings("try")
  private void latency(QueueContestant contestant) throws Exception {
    database.clear(contestant.tables());
    // The other process is a new one each time: what its cold code takes is nobody's merit.
    int warmUp = options.latencies();
    Latencies latencies = new Latencies(options.latencies() + warmUp, warmUp);
    try (AutoCloseable workers = contestant.work(latencies);
        ChildJvm child = Enqueuer.start(database, contestant, options.latencies() + warmUp)) {
      child.lines();
      latencies.await();
    }
    double[] percentiles = latencies.percentiles();
    report(
        "  %-14s %8.2f ms p50 %8.2f ms p95 %8.2f ms p99%n",
        contestant.name(), percentiles[0], percentiles[1], percentiles[2]);
    figures.add(contestant.name(), Measure.P50, percentiles[0]);
    figures.add(contestant.name(), Measure.P95, percentiles[1]);
    figures.add(contestant.name(), Measure.P99, percentiles[2]);
  }

  private void memory() throws Exception {
    if (options.waiting() == 0) {
      return;
    }
    int few = Math.min(FEW_WAITING, options.waiting());
    double[] used = HeapProbe.run(database, few, options.waiting());
    report(
        "%nNeuralBridge's heap: %.1f MiB with %,d jobs waiting, %.1f MiB with %,d%n",
        used[0], few, used[1], options.waiting());
  }
}
