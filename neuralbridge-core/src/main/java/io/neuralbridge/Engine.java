package io.neuralbridge;

import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.WakeUps;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that runs in a started NeuralBridge, and the order in which it starts and stops. */
final class Engine implements WakeUps.Listener {

  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);
  private static final Duration FLUSH = Duration.ofSeconds(5);
  private static final Duration PRUNE_INTERVAL = Duration.ofMinutes(1);
  private static final int PRUNE_CHUNK = 1_000;

  final Queue queue;
  final Completer completer;
  final Executor executor;
  final Node node;
  final Claims claims = new Claims();
  private final Settings settings;
  private final Audit audit;
  private final Rescuer rescuer;
  private final Set<String> queueNames;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();
  private final List<Producer> producers;
  private final List<Loop> duties;
  private WakeUps.@Nullable Subscription wakeUps;
  private boolean flushed;
  private boolean interrupted;

  Engine(
      Queue queue,
      Settings settings,
      Map<String, QueueOptions> queues,
      Map<String, Worker<?>> workers,
      List<RecoveryRule> rules,
      Events events) {
    this.queue = queue;
    this.settings = settings;
    this.completer = new Completer(queue, events);
    this.executor =
        new Executor(new Pipeline(workers, rules, events, InstantSource.system()), completer);
    this.node = new Node(queue, settings.nodeName(), settings.nodeTimeToLive(), executor);
    this.audit = new Audit(queue, executor, completer, claims);
    this.rescuer = new Rescuer(queue, settings, events, System::nanoTime);
    this.queueNames = new TreeSet<>(queues.keySet());
    this.producers =
        queues.entrySet().stream()
            .map(e -> new Producer(e.getKey(), e.getValue(), settings.pollInterval(), this))
            .toList();
    this.duties =
        List.of(
            new Loop("heartbeat", this::beat, settings.longestPauseOfABeat()),
            new Loop("rescuer", rescuer::round, settings.longestPauseOfABeat()),
            new Loop("pruner", this::prune));
  }

  void start() {
    completer.start();
    duties.forEach(Loop::start);
    producers.forEach(Producer::start);
    wakeUps = queue.wakeUps().listen(this);
  }

  /** Runs due jobs in the caller's thread, in an engine that was not started. */
  Drained drain(Collection<String> queues) {
    return new Drain(queue, executor, completer).run(queues.isEmpty() ? queueNames : queues);
  }

  /** Jobs may be waiting that were not there a moment ago. */
  void wakeProducers() {
    producers.forEach(Producer::wake);
  }

  /** The same, in these queues only. */
  void wakeProducers(Set<String> queues) {
    producers.stream().filter(producer -> queues.contains(producer.name())).forEach(Producer::wake);
  }

  @Override
  public void jobsMayBeDue(String queue) {
    wakeProducers(Set.of(queue));
  }

  @Override
  public void hintsMayBeLost() {
    wakeProducers();
  }

  /** A name that is mistyped here would leave its jobs waiting in silence. */
  void warnOfForeignQueue(String name) {
    if (!queueNames.contains(name) && warned.add(name)) {
      log.warn(
          "Queue '{}' is not among those that this node runs, {}: its jobs wait for a node that runs it",
          name,
          queueNames);
    }
  }

  /** Whether the caller is a job of this engine, or a listener that it tells something. */
  boolean isOwnThread() {
    return executor.isJobThread()
        || completer.isCurrentThread()
        || duties.stream().anyMatch(Loop::isCurrentThread)
        || producers.stream().anyMatch(Producer::isCurrentThread);
  }

  /**
   * Stops claiming, waits for what runs, interrupts what is left, and hands back what even then
   * does not end. An interrupt ends the grace period, or whatever wait it meets, and skips no step:
   * a node that went on beating would keep its leases for ever.
   */
  void stop() {
    producers.forEach(Producer::stop);
    stopListening();
    long end = System.nanoTime() + settings.shutdownGrace().toNanos();
    await(() -> joinProducersUntil(end));
    producers.forEach(Producer::shutdownThreads);
    if (!interrupted) {
      await(() -> awaitIdleUntil(end));
    }
    if (executor.running() > 0) {
      interruptTheRest();
    }
    handBackTheRest();
    await(() -> flushed = completer.flush(FLUSH));
    if (!flushed) {
      log.error("Some outcomes could not be stored before the end; their jobs run again elsewhere");
    }
    completer.stop();
    duties.forEach(Loop::stop);
    await(this::joinDuties);
    leave();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopListening() {
    if (wakeUps != null) {
      wakeUps.close();
    }
  }

  private interface Wait {
    void await() throws InterruptedException;
  }

  private void await(Wait wait) {
    try {
      wait.await();
    } catch (InterruptedException e) {
      interrupted = true;
    }
  }

  private void joinProducersUntil(long nanos) throws InterruptedException {
    for (Producer producer : producers) {
      producer.join(Duration.ofNanos(nanos - System.nanoTime()));
    }
  }

  private void joinDuties() throws InterruptedException {
    completer.join(FLUSH);
    for (Loop duty : duties) {
      duty.join(FLUSH);
    }
  }

  private void awaitIdleUntil(long nanos) throws InterruptedException {
    while (executor.running() > 0 && System.nanoTime() - nanos < 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  private void interruptTheRest() {
    log.info("{} jobs still run: interrupting them", executor.running());
    executor.interruptAll();
    long end = System.nanoTime() + AFTER_INTERRUPT.toNanos();
    await(() -> awaitIdleUntil(end));
  }

  private void handBackTheRest() {
    for (Lease lease : executor.takeAll()) {
      log.warn(
          "Job {} ({}) ignores its interruption; it is handed back and its outcome will be refused",
          lease.job().id(),
          lease.job().kind());
      completer.add(Completer.Ended.handedBack(lease));
    }
  }

  private void leave() {
    try {
      node.leave();
    } catch (RuntimeException e) {
      log.warn(
          "Could not sign off; the others find out within {}: {}",
          settings.nodeTimeToLive(),
          e.toString());
    }
  }

  private Duration beat() {
    long before = node.id();
    node.beat();
    if (audit.round(node.id()) || node.id() != before) {
      wakeProducers();
    }
    return settings.heartbeatInterval();
  }

  private Duration prune() {
    return queue.prune(settings.retention(), PRUNE_CHUNK) < PRUNE_CHUNK
        ? PRUNE_INTERVAL
        : Duration.ofMillis(100);
  }
}
