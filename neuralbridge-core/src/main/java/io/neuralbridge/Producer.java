package io.neuralbridge;

import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** Claims the jobs of one queue for this node, never more than it has free slots for. */
final class Producer {

  private static final Duration SOONEST = Duration.ofMillis(20);

  private final String name;
  private final QueueOptions options;
  private final Queue queue;
  private final Node node;
  private final Claims claims;
  private final Executor executor;
  private final Completer completer;
  private final Duration pollInterval;
  private final ExecutorService threads;
  private final AtomicInteger running = new AtomicInteger();
  private final Loop loop;

  Producer(String name, QueueOptions options, Duration pollInterval, Engine engine) {
    this.name = name;
    this.options = options;
    this.queue = engine.queue;
    this.node = engine.node;
    this.claims = engine.claims;
    this.executor = engine.executor;
    this.completer = engine.completer;
    this.pollInterval = pollInterval;
    this.threads = Threads.forJobs(name, options.cpuBound());
    this.loop = new Loop("producer-" + name, this::claim);
  }

  String name() {
    return name;
  }

  void start() {
    loop.start();
  }

  void wake() {
    loop.wake();
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

  /** Lets running jobs go on; a claim that comes back only now is handed back. */
  void shutdownThreads() {
    threads.shutdown();
  }

  private Duration claim() {
    long nodeId = node.id();
    int free = options.limit() - running.get();
    if (nodeId == Node.NOT_JOINED || free <= 0 || completer.isFull()) {
      return pollInterval;
    }
    long number = claims.begin();
    List<Lease> leases;
    long started;
    try {
      leases = queue.claim(new Claim(name, nodeId, free));
      started = leases.stream().filter(this::run).count();
    } finally {
      claims.end(number);
    }
    if (node.id() != nodeId) {
      executor.leasesLost(leases);
    }
    if (started < leases.size()) {
      throw new IllegalStateException(
          "no threads for %d jobs of queue '%s'".formatted(leases.size() - started, name));
    }
    return leases.size() == free ? pollInterval : untilNext(leases.isEmpty());
  }

  private boolean run(Lease lease) {
    running.incrementAndGet();
    return executor.start(lease, threads, this::slotIsFree);
  }

  private void slotIsFree() {
    running.decrementAndGet();
    loop.wake();
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
