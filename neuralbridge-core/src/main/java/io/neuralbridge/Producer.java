package io.neuralbridge;

import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Claims the jobs of one queue for this node: as many as it has free slots for, and of short jobs a
 * few more.
 */
final class Producer {

  private static final Duration SOONEST = Duration.ofMillis(20);

  private final String name;
  private final AtomicInteger running;
  private final AtomicInteger mine = new AtomicInteger();
  private final Queue queue;
  private final Node node;
  private final OpenClaims claims;
  private final LastChance lastChance;
  private final Executor executor;
  private final Completer completer;
  private final Duration pollInterval;
  private final Slots slots;
  private final Loop loop;
  private volatile QueueOptions options;
  private volatile boolean limited;
  private volatile boolean more;

  /**
   * @param running how many jobs of the queue run on this node, those of an earlier producer among
   *     them
   */
  Producer(
      String name,
      QueueOptions options,
      AtomicInteger running,
      Duration pollInterval,
      Engine engine) {
    this.name = name;
    this.options = options;
    this.running = running;
    this.queue = engine.queue;
    this.node = engine.node;
    this.claims = engine.claims;
    this.lastChance = engine.lastChance;
    this.executor = engine.executor;
    this.completer = engine.completer;
    this.pollInterval = pollInterval;
    this.slots =
        new Slots(options.limit(), Threads.forJobs(name, options.cpuBound()), System::nanoTime);
    this.loop = new Loop("producer-" + name, this::round);
  }

  void start() {
    loop.start();
  }

  void wake() {
    loop.wake();
  }

  /** How many jobs it runs at once. */
  int limit() {
    return options.limit();
  }

  /**
   * Whether its queue has limits on all nodes together, so that the end of a job may free a place.
   */
  boolean isLimited() {
    return limited;
  }

  void change(QueueOptions options, boolean limited) {
    boolean news = !options.equals(this.options) || limited != this.limited;
    this.options = options;
    this.limited = limited;
    if (news) {
      loop.wake();
    }
  }

  boolean isAlive() {
    return loop.isAlive();
  }

  void stop() {
    loop.stop();
  }

  void join(Duration atMost) throws InterruptedException {
    loop.join(atMost);
  }

  /** Whether the caller is this producer. */
  boolean isCurrentThread() {
    return loop.isCurrentThread();
  }

  /**
   * Lets running jobs go on and hands back those that wait; so it does with a claim that comes back
   * only now.
   */
  void shutdownThreads() {
    slots.shutdown();
    executor.handBack(slots.takeWaiting());
  }

  private Duration round() {
    Duration overdue = slots.untilOverdue();
    if (overdue != null && overdue.isZero()) {
      executor.handBack(slots.takeWaiting());
    }
    Duration pause = claim();
    overdue = slots.untilOverdue();
    return overdue == null ? pause : min(pause, overdue);
  }

  private Duration claim() {
    long nodeId = node.id();
    int ofEarlier = running.get() - mine.get();
    slots.resize(options.limit() - ofEarlier, !limited);
    int wanted = slots.wanted();
    if (nodeId == Node.NOT_JOINED || options.paused() || wanted <= 0 || completer.isFull()) {
      return pollInterval;
    }
    List<Lease> leases;
    long started;
    long number = claims.begin();
    try {
      List<Lease> claimed = queue.claim(new Claim(name, nodeId, wanted));
      more = claimed.size() == wanted;
      leases = lastChance.admit(claimed);
      started = leases.stream().filter(this::run).count();
    } finally {
      claims.end(number);
    }
    if (leases.stream().anyMatch(lease -> lease.job().crashes() > 0)) {
      // What may kill this process takes nothing along that does not even run.
      executor.handBack(slots.takeWaiting());
    }
    if (node.id() != nodeId) {
      executor.leasesLost(leases);
    }
    if (started < leases.size()) {
      throw new IllegalStateException(
          "no threads for %d jobs of queue '%s'".formatted(leases.size() - started, name));
    }
    return more ? pollInterval : untilNext(leases.isEmpty());
  }

  private boolean run(Lease lease) {
    running.incrementAndGet();
    mine.incrementAndGet();
    return executor.start(lease, task -> slots.run(lease, task), this::slotIsFree);
  }

  private void slotIsFree() {
    running.decrementAndGet();
    mine.decrementAndGet();
    slots.free();
    if (more && slots.isLow()) {
      loop.wake();
    }
  }

  private Duration untilNext(boolean gotNothing) {
    Duration next = queue.untilNextDue(name).orElse(pollInterval);
    // A due job that is not to be had, locked by another node perhaps, is no reason to spin.
    Duration soonest = gotNothing ? SOONEST : Duration.ZERO;
    return min(pollInterval, max(soonest, next));
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
