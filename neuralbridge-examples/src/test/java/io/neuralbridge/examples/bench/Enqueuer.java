package io.neuralbridge.examples.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Another process that enqueues jobs one at a time, each with the time just before. */
final class Enqueuer {

  private static final int SHORTEST_PAUSE_MS = 2;
  private static final int LONGEST_PAUSE_MS = 30;

  private Enqueuer() {}

  static ChildJvm start(BenchDatabase database, QueueContestant contestant, int jobs)
      throws IOException {
    return ChildJvm.start(
        Enqueuer.class, database.url(), contestant.name(), Integer.toString(jobs));
  }

  public static void main(String[] args) throws Exception {
    try (HikariDataSource dataSource = BenchDatabase.pool(args[0], 2);
        QueueContestant contestant = QueueContestant.of(args[1], dataSource)) {
      enqueue(contestant, Integer.parseInt(args[2]));
    }
  }

  // Pauses at random, so that they do not fall in step with anybody's polling.
  private static void enqueue(QueueContestant contestant, int jobs) throws InterruptedException {
    Random random = new Random(1);
    for (int i = 0; i < jobs; i++) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS));
      contestant.insertOne(Latencies.now());
    }
  }
}
