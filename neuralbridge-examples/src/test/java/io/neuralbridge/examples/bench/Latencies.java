package io.neuralbridge.examples.bench;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How old jobs are when they start whose number is the time at which somebody enqueued them. */
final class Latencies implements QueueContestant.Handler {

  private final List<Long> micros = new ArrayList<>();
  private final CountDownLatch left;
  private final int warmUp;

  /**
   * @param warmUp how many of the first jobs do not count
   */
  Latencies(int jobs, int warmUp) {
    this.left = new CountDownLatch(jobs);
    this.warmUp = warmUp;
  }

  /** The wall clock, the only one that processes share. */
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  @Override
  public void started(long number) {
    long age = now() - number;
    synchronized (micros) {
      micros.add(age);
    }
  }

  @Override
  public void finished(int jobs) {
    for (int i = 0; i < jobs; i++) {
      left.countDown();
    }
  }

  void await() throws InterruptedException {
    if (!left.await(5, TimeUnit.MINUTES)) {
      throw new IllegalStateException(left.getCount() + " jobs are not done after five minutes");
    }
  }

  /** In milliseconds, at 50, 95 and 99 of a hundred. */
  double[] percentiles() {
    synchronized (micros) {
      long[] sorted = micros.stream().skip(warmUp).mapToLong(Long::longValue).sorted().toArray();
      return Arrays.stream(new int[] {50, 95, 99})
          .mapToDouble(percent -> sorted[(sorted.length - 1) * percent / 100] / 1e3)
          .toArray();
    }
  }
}
