package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.queue.Lease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets the jobs that one more crash would discard run one at a time on this node. Jobs that lost
 * their process together come back together: if the one that kills it is among them, only that one
 * is to go. Safe for use by many threads.
 */
final class LastChance {

  private static final long NONE = -1;
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(250);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Completer completer;
  private final int maxCrashes;
  private final AtomicLong running = new AtomicLong(NONE);
  private volatile long sinceNanos;

  LastChance(Completer completer, int maxCrashes) {
    this.completer = completer;
    this.maxCrashes = maxCrashes;
  }

  /**
   * Puts off those of a claim that must not run now. That is stored on return, so that a job that
   * kills this process at once takes none of them along.
   *
   * @return those that may begin
   */
  List<Lease> admit(List<Lease> leases) {
    List<Lease> tooMany = leases.stream().filter(lease -> !mayBegin(lease)).toList();
    if (tooMany.isEmpty()) {
      return leases;
    }
    Duration wait = untilNextTry();
    try {
      completer.writeAtOnce(
          tooMany.stream().map(lease -> Completer.Ended.putOff(lease, wait)).toList());
    } catch (RuntimeException e) {
      leases.forEach(lease -> completer.add(Completer.Ended.putOff(lease, wait)));
      throw e;
    }
    return leases.stream().filter(lease -> !tooMany.contains(lease)).toList();
  }

  private boolean mayBegin(Lease lease) {
    if (!isLast(lease)) {
      return true;
    }
    boolean first = running.compareAndSet(NONE, lease.job().id());
    if (first) {
      sinceNanos = System.nanoTime();
    }
    return first;
  }

  // One that was given up is not run any more.
  private boolean isLast(Lease lease) {
    int crashes = lease.job().crashes();
    return crashes > 0 && crashes + 1 >= maxCrashes && !lease.cancelRequested();
  }

  // As long again as the one that runs has run: a short one costs little time, a long one few
  // claims.
  private Duration untilNextTry() {
    Duration ran = Duration.ofNanos(System.nanoTime() - sinceNanos);
    Duration atMost = ran.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : ran;
    return atMost.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : atMost;
  }

  /**
   * Hears when the outcome of the one that runs is stored: until then a crash would still hit it.
   */
  void heed(JobEvent event) {
    if (event instanceof JobEvent.Settled || event instanceof JobEvent.Refused) {
      running.compareAndSet(event.job().id(), NONE);
    }
  }
}
