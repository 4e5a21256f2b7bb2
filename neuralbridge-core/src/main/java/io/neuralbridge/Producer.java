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

  private final String name;
  private final QueueOptions options;
  private final Queue queue;
  private final Node node;
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
    this.executor = engine.executor;
    this.completer = engine.completer;
    this.pollInterval = pollInterval;
    this.threads = Threads.forJobs(name, options.cpuBound());
    this.loop = new Loop("producer-" + name, this::claim);
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

  void shutdownThreads() {
    threads.shutdown();
  }

  private Duration claim() {
    long nodeId = node.id();
    int free = options.limit() - running.get();
    if (nodeId == Node.NOT_JOINED || free <= 0 || completer.isFull()) {
      return pollInterval;
    }
    List<Lease> leases = queue.claim(new Claim(name, nodeId, free));
    leases.forEach(this::run);
    return leases.size() == free ? pollInterval : untilNext();
  }

  private void run(Lease lease) {
    running.incrementAndGet();
    executor.start(lease, threads, this::slotIsFree);
  }

  private void slotIsFree() {
    running.decrementAndGet();
    loop.wake();
  }

  private Duration untilNext() {
    Duration next = queue.untilNextDue(name).orElse(pollInterval);
    return next.compareTo(pollInterval) < 0 ? next : pollInterval;
  }
}
