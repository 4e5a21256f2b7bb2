package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.event.JobListener;
import io.neuralbridge.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** What tests wait for instead of sleeping: the events of a bridge, by type and job. */
final class Signals implements JobListener {

  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<JobEvent> events = new ArrayList<>();

  @Override
  public synchronized void onEvent(JobEvent event) {
    events.add(event);
    notifyAll();
  }

  JobEvent.Started started(Job job) {
    return await(JobEvent.Started.class, 1, event -> event.job().id() == job.id());
  }

  JobEvent.Settled settled(Job job) {
    return settled(job, 1);
  }

  /** The {@code nth} time that an outcome of the job was stored. */
  JobEvent.Settled settled(Job job, int nth) {
    return await(JobEvent.Settled.class, nth, event -> event.job().id() == job.id());
  }

  JobEvent.Refused refused(Job job) {
    return await(JobEvent.Refused.class, 1, event -> event.job().id() == job.id());
  }

  JobEvent.Stuck stuck(Job job) {
    return await(JobEvent.Stuck.class, 1, event -> event.job().id() == job.id());
  }

  JobEvent.Rescued rescued(Job job) {
    return await(JobEvent.Rescued.class, 1, event -> event.job().id() == job.id());
  }

  void settledAll(int count) {
    await(JobEvent.Settled.class, count, event -> true);
  }

  synchronized <E extends JobEvent> List<E> all(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private synchronized <E extends JobEvent> E await(
      Class<E> type, int nth, Predicate<? super E> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<E> found = all(type).stream().filter(wanted).toList();
      if (found.size() >= nth) {
        return found.get(nth - 1);
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("no %d. %s that is wanted among %s".formatted(nth, type, events));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Waits for a latch that must come down. */
  static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the latch did not come down");
    }
  }

  /** The same, where no interrupt is expected. */
  static void awaitQuietly(CountDownLatch latch) {
    try {
      await(latch);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for what gives no signal, such as the end of a thread. */
  static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("it did not come true");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
