package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Outcome;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Transition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes outcomes to the store in batches: what came while the last batch was written is the next
 * one. When the store is away, outcomes are kept and written when it is back; producers hold off
 * while {@link #isFull}.
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
  }

  private static final Logger log = LoggerFactory.getLogger(Completer.class);
  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final int MAX_BATCH = 1_000;
  private static final int FULL = 10_000;

  private final Queue queue;
  private final Events events;
  private final Loop loop = new Loop("completer", this::writeBatch);
  private final Deque<Ended> pending = new ArrayDeque<>();
  private int batchSize = MAX_BATCH;

  Completer(Queue queue, Events events) {
    this.queue = queue;
    this.events = events;
  }

  void start() {
    loop.start();
  }

  void add(Ended ended) {
    synchronized (pending) {
      pending.addLast(ended);
    }
    loop.wake();
  }

  boolean isFull() {
    synchronized (pending) {
      return pending.size() >= FULL;
    }
  }

  /**
   * Waits until everything is written, {@code atMost} so long; {@code false} if something is not.
   */
  boolean flush(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (pending) {
      while (!pending.isEmpty()) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        pending.wait(left);
      }
    }
    return true;
  }

  void stop() {
    loop.stop();
  }

  private Duration writeBatch() {
    List<Ended> batch = firstOfPending();
    if (batch.isEmpty()) {
      return IDLE;
    }
    Set<Long> accepted;
    try {
      accepted = queue.settle(batch.stream().map(Ended::transition).toList());
    } catch (RuntimeException e) {
      postpone(batch);
      throw e;
    }
    batchSize = Math.min(MAX_BATCH, batchSize * 2);
    batch.forEach(ended -> publish(ended, accepted.contains(ended.lease().job().id())));
    removeWritten(batch.size());
    return Duration.ZERO;
  }

  private List<Ended> firstOfPending() {
    synchronized (pending) {
      return pending.stream().limit(batchSize).toList();
    }
  }

  private void removeWritten(int count) {
    synchronized (pending) {
      for (int i = 0; i < count; i++) {
        pending.removeFirst();
      }
      pending.notifyAll();
    }
  }

  // Halving, down to one, finds the outcome that the store refuses; at the end of the line it holds
  // up no other.
  private void postpone(List<Ended> batch) {
    batchSize = Math.max(1, batch.size() / 2);
    synchronized (pending) {
      if (batch.size() == 1) {
        pending.addLast(pending.removeFirst());
      }
    }
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
    if (back.delay().isZero()) {
      return JobState.AVAILABLE;
    }
    boolean counts = !back.refund() || ended.lease().job().attempt() > 1;
    return counts ? JobState.RETRYABLE : JobState.SCHEDULED;
  }
}
