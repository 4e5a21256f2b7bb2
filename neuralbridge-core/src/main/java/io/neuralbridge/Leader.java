package io.neuralbridge;

import io.neuralbridge.queue.Leadership;
import io.neuralbridge.queue.Term;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election, again and again. Whoever leads does what one node should do for all; the
 * others ask {@link #isLeader} and wait.
 *
 * <p>Whether it still leads is judged by this node's own monotonic time, from before the election
 * was asked for: so it never takes itself for the leader longer than the store does.
 */
final class Leader {

  private record Reign(Term term, long untilNanos) {}

  private static final Logger log = LoggerFactory.getLogger(Leader.class);
  private static final String DUTY = "maintenance";
  private static final Duration SOON = Duration.ofMillis(100);

  private final Leadership leadership;
  private final Node node;
  private final Duration interval;
  private final Duration timeToLive;
  private final LongSupplier nanos;
  private final Runnable onElected;
  private volatile @Nullable Reign reign;

  /**
   * @param nanos elapsed time, from any origin
   * @param onElected what to do at the beginning of each term of this node
   */
  Leader(
      Leadership leadership, Node node, Settings settings, LongSupplier nanos, Runnable onElected) {
    this.leadership = leadership;
    this.node = node;
    this.interval = settings.heartbeatInterval();
    this.timeToLive = settings.nodeTimeToLive();
    this.nanos = nanos;
    this.onElected = onElected;
  }

  boolean isLeader() {
    Reign present = reign;
    return present != null && nanos.getAsLong() - present.untilNanos < 0;
  }

  Duration round() {
    long before = nanos.getAsLong();
    long id = node.id();
    if (id == Node.NOT_JOINED) {
      return min(SOON, interval);
    }
    accept(leadership.elect(DUTY, id, timeToLive), before + timeToLive.toNanos());
    return interval;
  }

  private void accept(Optional<Term> term, long untilNanos) {
    Reign old = reign;
    reign = term.map(won -> new Reign(won, untilNanos)).orElse(null);
    if (term.isPresent() && (old == null || !old.term.equals(term.get()))) {
      log.info("This node leads from now on, in term {}", term.get().number());
      onElected.run();
    } else if (term.isEmpty() && old != null) {
      log.info("Another node leads from now on");
    }
  }

  /** Lets another node lead at once. */
  void resign() {
    Reign last = reign;
    reign = null;
    if (last != null) {
      leadership.resign(last.term);
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
