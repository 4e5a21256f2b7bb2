package io.neuralbridge.examples.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets some jobs pass and holds up all that follow, so that a bridge can be looked at. */
final class Gate implements QueueContestant.Handler {

  private final AtomicInteger passing;
  private final CountDownLatch held;
  private final CountDownLatch open = new CountDownLatch(1);

  /**
   * @param passing how many jobs pass
   * @param held how many must then be held before the bridge counts as busy
   */
  Gate(int passing, int held) {
    this.passing = new AtomicInteger(passing);
    this.held = new CountDownLatch(held);
  }

  @Override
  public void started(long number) {
    if (passing.getAndDecrement() <= 0) {
      held.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void finished(int jobs) {
    // Only beginnings matter here.
  }

  void awaitBusy() throws InterruptedException {
    held.await();
  }

  void open() {
    open.countDown();
  }
}
