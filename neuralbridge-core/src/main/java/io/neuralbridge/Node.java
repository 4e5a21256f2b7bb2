package io.neuralbridge;

import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.Renewal;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process in the cluster: joined, renewed, and joined anew when the others gave it up. The
 * heartbeat's loop calls {@link #beat}; everybody else only reads.
 */
final class Node {

  /** Whom a heartbeat concerns. */
  interface Leaseholder {
    /** All leases are gone: what runs must stop, and its outcomes will be refused. */
    void leasesLost();

    /** These jobs were given up by a user. */
    void cancel(Set<Long> jobIds);
  }

  static final long NOT_JOINED = -1;

  private static final Logger log = LoggerFactory.getLogger(Node.class);

  private final Queue queue;
  private final String name;
  private final Duration timeToLive;
  private final Leaseholder leaseholder;
  private volatile long id = NOT_JOINED;

  Node(Queue queue, String name, Duration timeToLive, Leaseholder leaseholder) {
    this.queue = queue;
    this.name = name;
    this.timeToLive = timeToLive;
    this.leaseholder = leaseholder;
  }

  /** The id to claim with, or {@link #NOT_JOINED}. */
  long id() {
    return id;
  }

  void beat() {
    if (id == NOT_JOINED) {
      id = queue.join(name, timeToLive);
      return;
    }
    Renewal renewal = queue.renew(id, timeToLive);
    if (renewal.alive()) {
      leaseholder.cancel(renewal.cancelRequested());
    } else {
      log.warn(
          "Node '{}' was not heard of for {} and lost its leases; its jobs run again elsewhere",
          name,
          timeToLive);
      id = NOT_JOINED;
      leaseholder.leasesLost();
      id = queue.join(name, timeToLive);
    }
  }

  void leave() {
    if (id != NOT_JOINED) {
      queue.leave(id);
      id = NOT_JOINED;
    }
  }
}
