package io.neuralbridge;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The places in which one queue's jobs run on this node, and the few units that wait here for the
 * next free one, or for memory.
 *
 * <p>Short jobs end faster than a store can be asked for more, so some wait here: as many as ended
 * of late within {@link #HOLD}. Of jobs that take longer none do, and another node can have them.
 * The one that is next and waits for memory stays until it has it: smaller ones that come later
 * would take it away for ever.
 */
final class Slots {

  /** How long a lease waits here if those before it take as long as the last ones did. */
  static final Duration HOLD = Duration.ofMillis(50);

  /** How long one waits at most, before another node should have it. */
  static final Duration LONGEST_WAIT = Duration.ofMillis(250);

  static final int MOST_WAITING = 1_000;

  /** A thread that is in a slot, and what it runs next. */
  private static final class Place {
    private final Slots owner;
    private @Nullable Runnable next;

    Place(Slots owner) {
      this.owner = owner;
    }
  }

  private record Waiting(Unit unit, Runnable task, long since) {}

  private static final ThreadLocal<Place> PLACE = new ThreadLocal<>();

  private final ExecutorService threads;
  private final MemoryBudget memory;
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
  Slots(int limit, ExecutorService threads, MemoryBudget memory, LongSupplier nanos) {
    this.limit = limit;
    this.threads = threads;
    this.memory = memory;
    this.nanos = nanos;
    this.measuredAt = nanos.getAsLong();
  }

  /**
   * @param limit how many units run at once; what runs already goes on
   * @param ahead whether units may wait here
   */
  synchronized void resize(int limit, boolean ahead) {
    this.limit = limit;
    this.ahead = ahead;
    startWaiting();
  }

  /** How many units to ask the store for, 0 if there are enough. */
  synchronized int wanted() {
    measurePace();
    return taken > limit || firstWaitsForMemory()
        ? 0
        : limit - taken + Math.max(0, mayWait() - waiting.size());
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
   * Runs a task when there are a slot and memory for it, perhaps at once; it must {@link #free}
   * them.
   *
   * @throws RuntimeException if there is no thread for it: then it never runs, but has both
   */
  synchronized void run(Unit unit, Runnable task) {
    if (closed) {
      taken++;
      memory.takeAnyway(unit.bytes());
      throw new RejectedExecutionException("the queue is not run here any more");
    }
    if (taken < limit && waiting.isEmpty() && memory.take(unit.bytes())) {
      taken++;
      threads.execute(() -> occupy(task));
    } else {
      waiting.addLast(new Waiting(unit, task, nanos.getAsLong()));
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

  /**
   * Gives a unit's slot and memory to what waits, the first in this thread if it was the slot's.
   */
  synchronized void free(Unit unit) {
    ended++;
    taken--;
    memory.giveBack(unit.bytes());
    startWaiting();
  }

  private void startWaiting() {
    boolean hasThread = true;
    while (hasThread && taken < limit && !waiting.isEmpty() && !firstWaitsForMemory()) {
      Waiting next = waiting.removeFirst();
      taken++;
      memory.takeAnyway(next.unit().bytes());
      hasThread = startHereOrElsewhere(next);
    }
  }

  private boolean startHereOrElsewhere(Waiting next) {
    Place here = PLACE.get();
    if (here != null && here.owner == this && here.next == null) {
      here.next = next.task();
      return true;
    }
    try {
      threads.execute(() -> occupy(next.task()));
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      // Without a thread it waits on, until it is handed back.
      taken--;
      memory.giveBack(next.unit().bytes());
      waiting.addFirst(next);
      return false;
    }
  }

  private boolean firstWaitsForMemory() {
    Waiting first = waiting.peekFirst();
    return first != null && !memory.fits(first.unit().bytes());
  }

  /** The units that wait. */
  synchronized List<Unit> waiting() {
    return waiting.stream().map(Waiting::unit).toList();
  }

  /** The unit that is next and waits for memory; null if there is none. */
  synchronized @Nullable Unit waitsForMemory() {
    return firstWaitsForMemory() ? waiting.getFirst().unit() : null;
  }

  /** Takes a unit out of those that wait; {@code false} if it does not wait any more. */
  synchronized boolean withdraw(Unit unit) {
    boolean waited = waiting.removeIf(other -> other.unit().equals(unit));
    startWaiting();
    return waited;
  }

  /** How long until a unit has waited too long: zero if one has, null if none waits. */
  synchronized @Nullable Duration untilOverdue() {
    return waiting.stream()
        .skip(firstWaitsForMemory() ? 1 : 0)
        .findFirst()
        .map(first -> LONGEST_WAIT.minusNanos(nanos.getAsLong() - first.since()))
        .map(left -> left.isNegative() ? Duration.ZERO : left)
        .orElse(null);
  }

  /** The units that wait, but for the one that must wait for memory; from now on they do not. */
  synchronized List<Unit> takeOverdue() {
    Waiting held = firstWaitsForMemory() ? waiting.removeFirst() : null;
    List<Unit> units = takeWaiting();
    if (held != null) {
      waiting.addFirst(held);
    }
    return units;
  }

  /** The units that wait, which from now on they do not, and nothing will until jobs end again. */
  synchronized List<Unit> takeWaiting() {
    List<Unit> units = waiting();
    waiting.clear();
    ended = 0;
    endedInHold = 0;
    return units;
  }

  /** Lets running jobs go on and begins no other. */
  synchronized void shutdown() {
    closed = true;
    threads.shutdown();
  }
}
