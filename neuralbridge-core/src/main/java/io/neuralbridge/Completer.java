package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes to the store in batches: what came while the last batch was written is the next
 * one. When the store is away, outcomes are kept and written when it is back; producers hold off
 * while {@link #isFull}.
 *
 * <p>A batch that fails is halved, down to one: the outcome that the store refuses even alone is a
 * suspect, and tried again when nothing else is to be written, so that it holds up no other.
 */
final class Completer {

  /** An outcome on its way to the store. */
  record Ended(Lease lease, Outcome outcome, Transition transition, Duration ran) {

    /**
     * A run that did not end, or did not even begin, because its node could not wait or had no
     * thread.
     */
    static Ended handedBack(Lease lease) {
      Outcome outcome = Outcome.snoozed(Duration.ZERO);
      return new Ended(lease, outcome, Settler.handedBack(lease), Duration.ZERO);
    }

    /** A run that may not begin yet. */
    static Ended putOff(Lease lease, Duration delay) {
      Transition transition = Settler.putOff(lease, delay);
      return new Ended(lease, Outcome.snoozed(delay), transition, Duration.ZERO);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Completer.class);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final long LONGEST_PAUSE_MS = 5_000;
  private static final int MAX_BATCH = 1_000;
  private static final int FULL = 10_000;

  private final Queue queue;
  private final Reporter reporter;
  private final Events events;
  private final Loop loop = new Loop("completer", this::writeBatch);
  private final Deque<Ended> pending = new ArrayDeque<>();
  private final Deque<Ended> suspects = new ArrayDeque<>();
  private final Doubts doubts;
  private int batchSize = MAX_BATCH;
  private Duration suspectPause = FIRST_PAUSE;
  private long nextTrialNanos;
  private boolean triedASuspect;

  Completer(Queue queue, Reporter reporter, Events events) {
    this.queue = queue;
    this.reporter = reporter;
    this.events = events;
    this.doubts = new Doubts(queue);
  }

  void start() {
    loop.start();
  }

  void add(Ended ended) {
    boolean first;
    synchronized (pending) {
      first = pending.isEmpty();
      pending.addLast(ended);
    }
    if (first) {
      loop.wake();
    }
  }

  boolean isFull() {
    synchronized (pending) {
      return pending.size() + suspects.size() >= FULL;
    }
  }

  /** The leases whose outcomes are not written yet: tokens by job id. */
  Map<Long, Long> leases() {
    Map<Long, Long> leases = new HashMap<>();
    synchronized (pending) {
      pending.forEach(ended -> leases.put(ended.lease().job().id(), ended.lease().token()));
      suspects.forEach(ended -> leases.put(ended.lease().job().id(), ended.lease().token()));
    }
    return leases;
  }

  /**
   * Waits until everything is written, {@code atMost} so long; {@code false} if something is not.
   */
  boolean flush(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (pending) {
      while (!pending.isEmpty() || !suspects.isEmpty()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        pending.wait(left);
      }
    }
    return true;
  }

  /**
   * Writes everything in the caller's thread, where no loop does.
   *
   * @throws RuntimeException if the store refuses an outcome
   */
  void writeNow() {
    for (List<Ended> batch = firstOf(pending); !batch.isEmpty(); batch = firstOf(pending)) {
      settle(batch, pending);
    }
  }

  /**
   * Writes these before anything else, in the caller's thread.
   *
   * @throws RuntimeException if the store refuses one
   */
  void writeAtOnce(List<Ended> batch) {
    Set<Long> accepted = queue.settle(batch.stream().map(Ended::transition).toList());
    batch.forEach(ended -> publish(ended, accepted.contains(ended.lease().job().id())));
  }

  void stop() {
    loop.stop();
  }

  void join(Duration atMost) throws InterruptedException {
    loop.join(atMost);
  }

  /** Whether the caller is the completer itself, telling a listener. */
  boolean isCurrentThread() {
    return loop.isCurrentThread();
  }

  private Duration writeBatch() {
    List<Ended> suspect = firstOf(suspects);
    Duration untilTrial =
        suspect.isEmpty() ? IDLE : Duration.ofNanos(nextTrialNanos - System.nanoTime());
    List<Ended> batch = firstOf(pending);
    // In turns, or one would wait for ever while there is always something of the other.
    triedASuspect = isDue(untilTrial) && (batch.isEmpty() || !triedASuspect);
    if (triedASuspect) {
      return writeSuspect(suspect);
    }
    return batch.isEmpty() ? untilTrial : write(batch);
  }

  private static boolean isDue(Duration left) {
    return left.isNegative() || left.isZero();
  }

  private Duration write(List<Ended> batch) {
    try {
      settle(batch, pending);
    } catch (RuntimeException | Error e) {
      doubts.add(batch);
      batchSize = Math.max(1, batch.size() / 2);
      if (batch.size() > 1) {
        return FIRST_PAUSE;
      }
      suspect(batch.get(0), pending);
      throw e;
    }
    batchSize = Math.min(MAX_BATCH, batchSize * 2);
    return Duration.ZERO;
  }

  private Duration writeSuspect(List<Ended> suspect) {
    try {
      settle(suspect, suspects);
      suspectPause = FIRST_PAUSE;
      return Duration.ZERO;
    } catch (RuntimeException | Error e) {
      doubts.add(suspect);
      Job job = suspect.get(0).lease().job();
      log.warn("The outcome of job {} ({}) is not taken: {}", job.id(), job.kind(), e.toString());
      suspect(suspect.get(0), suspects);
      return Duration.ZERO;
    }
  }

  private void settle(List<Ended> batch, Deque<Ended> from) {
    List<Lease> leases = batch.stream().map(Ended::lease).toList();
    reporter.writeLast(leases);
    Set<Long> accepted =
        doubts.stored(batch, queue.settle(batch.stream().map(Ended::transition).toList()));
    synchronized (pending) {
      batch.forEach(written -> from.removeFirst());
      pending.notifyAll();
    }
    reporter.forget(leases);
    batch.forEach(ended -> publish(ended, accepted.contains(ended.lease().job().id())));
  }

  // A batch names no job twice, or nobody could tell which of its two outcomes was accepted.
  private List<Ended> firstOf(Deque<Ended> line) {
    int most = line == suspects ? 1 : batchSize;
    Set<Long> ids = new HashSet<>();
    synchronized (pending) {
      return line.stream()
          .limit(most)
          .takeWhile(ended -> ids.add(ended.lease().job().id()))
          .toList();
    }
  }

  private void suspect(Ended ended, Deque<Ended> from) {
    synchronized (pending) {
      from.removeFirst();
      suspects.addLast(ended);
    }
    suspectPause = Duration.ofMillis(Math.min(LONGEST_PAUSE_MS, suspectPause.toMillis() * 2));
    nextTrialNanos = System.nanoTime() + suspectPause.toNanos();
  }

  private void publish(Ended ended, boolean accepted) {
    if (accepted) {
      events.publish(
          new JobEvent.Settled(
              ended.lease().job(), ended.outcome(), stateAfter(ended), ended.ran()));
    } else {
      log.warn(
          "The outcome of job {} ({}) came too late and was refused: its lease is gone",
          ended.lease().job().id(),
          ended.lease().job().kind());
      events.publish(new JobEvent.Refused(ended.lease().job(), ended.outcome()));
    }
  }

  private static JobState stateAfter(Ended ended) {
    if (ended.transition() instanceof Transition.Finish finish) {
      return finish.state();
    }
    Transition.Back back = (Transition.Back) ended.transition();
    Duration delay = back.delay();
    if (delay == null || delay.isZero()) {
      return JobState.AVAILABLE;
    }
    boolean counts = !back.refund() || ended.lease().job().attempt() > 1;
    return counts ? JobState.RETRYABLE : JobState.SCHEDULED;
  }
}
