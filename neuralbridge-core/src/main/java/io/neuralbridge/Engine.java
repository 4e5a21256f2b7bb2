package io.neuralbridge;

import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that runs in a started NeuralBridge, and the order in which it starts and stops. */
final class Engine {

  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);
  private static final Duration FLUSH = Duration.ofSeconds(5);
  private static final Duration PRUNE_INTERVAL = Duration.ofMinutes(1);
  private static final int PRUNE_CHUNK = 1_000;

  final Queue queue;
  final Completer completer;
  final Executor executor;
  final Node node;
  private final Settings settings;
  private final Rescuer rescuer;
  private final List<Producer> producers;
  private final List<Loop> duties;

  Engine(
      Queue queue,
      Settings settings,
      Map<String, QueueOptions> queues,
      Map<String, Worker<?>> workers,
      Events events) {
    this.queue = queue;
    this.settings = settings;
    this.completer = new Completer(queue, events);
    this.executor = new Executor(workers, completer, events, InstantSource.system());
    this.node = new Node(queue, settings.nodeName(), settings.nodeTimeToLive(), executor);
    this.rescuer =
        new Rescuer(
            queue,
            settings.heartbeatInterval(),
            settings.nodeTimeToLive(),
            settings.maxCrashes(),
            events);
    this.producers =
        queues.entrySet().stream()
            .map(e -> new Producer(e.getKey(), e.getValue(), settings.pollInterval(), this))
            .toList();
    this.duties =
        List.of(
            new Loop("heartbeat", this::beat),
            new Loop("rescuer", rescuer::round),
            new Loop("pruner", this::prune));
  }

  void start() {
    completer.start();
    duties.forEach(Loop::start);
    producers.forEach(Producer::start);
  }

  /** Jobs may be waiting that were not there a moment ago. */
  void wakeProducers() {
    producers.forEach(Producer::wake);
  }

  /**
   * Stops claiming, waits for what runs, interrupts what is left, and hands back what even then
   * does not end.
   */
  void stop() throws InterruptedException {
    producers.forEach(Producer::stop);
    for (Producer producer : producers) {
      producer.join(settings.shutdownGrace());
    }
    if (!awaitIdle(settings.shutdownGrace())) {
      log.info(
          "{} jobs still run after {}: interrupting them",
          executor.running(),
          settings.shutdownGrace());
      executor.interruptAll();
      awaitIdle(AFTER_INTERRUPT);
    }
    handBackTheRest();
    if (!completer.flush(FLUSH)) {
      log.error("Some outcomes could not be stored before the end; their jobs run again elsewhere");
    }
    completer.stop();
    duties.forEach(Loop::stop);
    for (Loop duty : duties) {
      duty.join(FLUSH);
    }
    producers.forEach(Producer::shutdownThreads);
    leave();
  }

  private boolean awaitIdle(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (executor.running() > 0 && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return executor.running() == 0;
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
    boolean joined = node.id() != Node.NOT_JOINED;
    node.beat();
    if (!joined) {
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
