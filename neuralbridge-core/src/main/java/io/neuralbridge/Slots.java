package io.neuralbridge;

import io.neuralbridge.queue.Lease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The places in which one queue's jobs run on this node, and the few leases that wait here for the
 * next free one.
 *
 * <p>Short jobs end faster than a store can be asked for more, so some wait here: as many as ended
 * of late within {@link #HOLD}. Of jobs that take longer none do, and another node can have them.
 */
final class Slots {

  /** How long a lease waits here if those before it take as long as the last ones did. */
  static final Duration HOLD = Duration.ofMillis(50);

  /** How long one waits at most, before another node should have it. */
  static final Duration LONGEST_WAIT = Duration.ofMillis(250);

  static final int MOST_WAITING = 200;

  /** A thread that is in a slot, and what it runs next. */
  private static final class Place {
    private final Slots owner;
    private @Nullable Runnable next;

    Place(Slots owner) {
      this.owner = owner;
    }
  }

  private record Waiting(Lease lease, Runnable task, long since) {}

  private static final ThreadLocal<Place> PLACE = new ThreadLocal<>();

  private final ExecutorService threads;
  private final LongSupplier nanos;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int limit;
  private boolean ahead = true;
  private int taken;
  private boolean closed;
  private int ended;
  private double endedInHold;
  private long measuredAt;

  /**
   * @param nanos elapsed time, monotonic
   */
  Slots(int limit, ExecutorService threads, LongSupplier nanos) {
    this.limit = limit;
    this.threads = threads;
    this.nanos = nanos;
    this.measuredAt = nanos.getAsLong();
  }

  /**
   * @param limit how many jobs run at once; what runs already goes on
   * @param ahead whether leases may wait here
   */
  synchronized void resize(int limit, boolean ahead) {
    this.limit = limit;
    this.ahead = ahead;
  }

  /** How many leases to ask the store for, 0 if there are enough. */
  synchronized int wanted() {
    measurePace();
    return taken > limit ? 0 : limit - taken + Math.max(0, mayWait() - waiting.size());
  }

  // An average that forgets what is older than HOLD, whenever and however often it is asked for.
  private void measurePace() {
    long now = nanos.getAsLong();
    double holds = Math.max(1, now - measuredAt) / (double) HOLD.toNanos();
    double kept = Math.exp(-holds);
    endedInHold = endedInHold * kept + ended / holds * (1 - kept);
    ended = 0;
    measuredAt = now;
  }

  private int mayWait() {
    return ahead ? (int) Math.min(MOST_WAITING, endedInHold) : 0;
  }

  /** Whether few enough wait for a new claim to be worth it. */
  synchronized boolean isLow() {
    return waiting.size() * 2 <= mayWait();
  }

  /**
   * Runs a task when there is a slot for it, perhaps at once; it must {@link #free} it.
   *
   * @throws RuntimeException if there is no thread for it: then it never runs, but has the slot
   */
  synchronized void run(Lease lease, Runnable task) {
    if (closed) {
      taken++;
      throw new RejectedExecutionException("the queue is not run here any more");
    }
    if (taken < limit && waiting.isEmpty()) {
      taken++;
      threads.execute(() -> occupy(task));
    } else {
      waiting.addLast(new Waiting(lease, task, nanos.getAsLong()));
    }
  }

  private void occupy(Runnable first) {
    Place here = new Place(this);
    PLACE.set(here);
    try {
      for (Runnable task = first; task != null; task = here.next) {
        here.next = null;
        task.run();
      }
    } finally {
      PLACE.remove();
    }
  }

  /** Gives a slot to what waits first, which runs in this thread if it was the slot's. */
  synchronized void free() {
    ended++;
    Place here = PLACE.get();
    Waiting next = taken > limit ? null : waiting.pollFirst();
    if (next == null) {
      taken--;
    } else if (here != null && here.owner == this && here.next == null) {
      here.next = next.task();
    } else {
      runElsewhere(next);
    }
  }

  private void runElsewhere(Waiting next) {
    try {
      threads.execute(() -> occupy(next.task()));
    } catch (RuntimeException | OutOfMemoryError e) {
      // Without a thread it waits on, until it is handed back.
      taken--;
      waiting.addFirst(next);
    }
  }

  /** How long until a lease has waited too long: zero if one has, null if none waits. */
  synchronized @Nullable Duration untilOverdue() {
    Waiting first = waiting.peekFirst();
    if (first == null) {
      return null;
    }
    Duration left = LONGEST_WAIT.minusNanos(nanos.getAsLong() - first.since());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The leases that wait, which from now on they do not, and nothing will until jobs end again. */
  synchronized List<Lease> takeWaiting() {
    List<Lease> leases = waiting.stream().map(Waiting::lease).toList();
    waiting.clear();
    ended = 0;
    endedInHold = 0;
    return leases;
  }

  /** Lets running jobs go on and begins no other. */
  synchronized void shutdown() {
    closed = true;
    threads.shutdown();
  }
}
