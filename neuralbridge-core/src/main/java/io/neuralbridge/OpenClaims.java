package io.neuralbridge;

import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The claims that this node has under way: what the store has leased by them is not known here
 * until they are over. Safe for use by many threads.
 */
final class OpenClaims {

  private final AtomicLong last = new AtomicLong();
  private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();

  /** A claim begins; its number goes to {@link #end} when its leases are known here. */
  long begin() {
    long number = last.incrementAndGet();
    open.add(number);
    return number;
  }

  void end(long number) {
    open.remove(number);
  }

  /** The number of the latest claim. */
  long latest() {
    return last.get();
  }

  /** Whether all claims are over up to this one. */
  boolean areOverUpTo(long number) {
    return open.headSet(number, true).isEmpty();
  }
}
