package io.neuralbridge.examples.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Counts how often each of so many jobs runs, and waits until all are done with. */
final class Tally implements QueueContestant.Handler {

  private final AtomicIntegerArray runs;
  private final CountDownLatch left;

  Tally(int jobs) {
    runs = new AtomicIntegerArray(jobs);
    left = new CountDownLatch(jobs);
  }

  @Override
  public void started(long number) {
    runs.incrementAndGet(Math.toIntExact(number));
  }

  @Override
  public void finished(int jobs) {
    for (int i = 0; i < jobs; i++) {
      left.countDown();
    }
  }

  void await() throws InterruptedException {
    if (!left.await(10, TimeUnit.MINUTES)) {
      throw new IllegalStateException(left.getCount() + " jobs are not done after ten minutes");
    }
  }

  void requireEachOnce() {
    for (int number = 0; number < runs.length(); number++) {
      if (runs.get(number) != 1) {
        throw new IllegalStateException("job %d ran %d times".formatted(number, runs.get(number)));
      }
    }
  }
}
