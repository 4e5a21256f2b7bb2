package io.neuralbridge.examples.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * A process whose bridge works on a queue with few jobs waiting, then on one with many, and tells
 * what its heap holds each time.
 */
final class HeapProbe {

  /** How many jobs are done before the heap is looked at. */
  static final int WORK = 100;

  private static final int CHUNK = 10_000;
  private static final int COLLECTIONS = 5;

  private HeapProbe() {}

  /** Mebibytes with {@code few} and with {@code many} jobs waiting. */
  static double[] run(BenchDatabase database, int few, int many)
      throws IOException, InterruptedException {
    String[] args = {database.url(), Integer.toString(few), Integer.toString(many)};
    try (ChildJvm child = ChildJvm.start(HeapProbe.class, args)) {
      return child.lines().stream().mapToDouble(line -> Long.parseLong(line) / 1048576.0).toArray();
    }
  }

  public static void main(String[] args) throws Exception {
    int few = Integer.parseInt(args[1]);
    int many = Integer.parseInt(args[2]);
    try (HikariDataSource dataSource = BenchDatabase.pool(args[0], 5);
        BridgeContestant bridge = new BridgeContestant(dataSource)) {
      // What classes and connections take is no matter of the queue.
      usedWith(dataSource, bridge, few);
      System.out.println(usedWith(dataSource, bridge, few));
      System.out.println(usedWith(dataSource, bridge, many));
    }
  }

  @SuppressWarnings("try")
  private static long usedWith(HikariDataSource dataSource, BridgeContestant bridge, int waiting)
      throws Exception {
    BenchDatabase.execute(dataSource, "TRUNCATE " + String.join(", ", bridge.tables()));
    for (int left = waiting; left > 0; left -= CHUNK) {
      bridge.insert(Math.min(left, CHUNK));
    }
    Gate gate = new Gate(WORK, QueueContestant.WORKERS);
    try (AutoCloseable workers = bridge.work(gate)) {
      gate.awaitBusy();
      long used = usedAfterCollection();
      gate.open();
      return used;
    }
  }

  static long usedAfterCollection() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
