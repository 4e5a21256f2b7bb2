package io.neuralbridge;

import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueNotice;
import io.neuralbridge.queue.QueueSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producers of this node: those of the queues that its code names, and those that were started
 * at run time. None runs before it is known what was said of its queue.
 */
final class Producers {

  /** Makes the producer of one queue. */
  interface Factory {
    Producer make(String queue, QueueOptions options, Load load);
  }

  private static final Logger log = LoggerFactory.getLogger(Producers.class);
  private static final QueueOptions OF_OTHERS = QueueOptions.waiting(10);

  private final Map<String, QueueOptions> declared;
  private final Factory factory;
  private final Map<String, Producer> producers = new ConcurrentHashMap<>();
  private final Map<String, Load> loads = new ConcurrentHashMap<>();
  private final List<Producer> retired = new ArrayList<>();
  private boolean stopped;

  Producers(Map<String, QueueOptions> declared, Factory factory) {
    this.declared = Map.copyOf(declared);
    this.factory = factory;
  }

  /** The queues that the code names. */
  Set<String> declared() {
    return declared.keySet();
  }

  /** The queues that run here. */
  Set<String> names() {
    return new TreeSet<>(producers.keySet());
  }

  /** How many jobs of each queue run here at once. */
  Map<String, Integer> limits() {
    Map<String, Integer> limits = new TreeMap<>();
    producers.forEach((queue, producer) -> limits.put(queue, producer.limit()));
    return limits;
  }

  /** What the code says of its queues' limits. */
  Map<String, QueueLimits> declaredLimits() {
    Map<String, QueueLimits> limits = new TreeMap<>();
    declared.forEach((queue, options) -> limits.put(queue, options.limits()));
    return limits;
  }

  /** What the code says of a queue's memory budget. */
  long declaredMemory(String queue) {
    return declared.getOrDefault(queue, OF_OTHERS).memory();
  }

  /** Starts, stops and changes producers as was said. */
  synchronized void apply(Map<String, QueueNotice> notices) {
    if (stopped) {
      return;
    }
    Set<String> queues = new TreeSet<>(declared.keySet());
    queues.addAll(notices.keySet());
    for (String queue : queues) {
      QueueNotice notice = notices.get(queue);
      apply(
          queue,
          notice == null ? QueueSettings.NONE : notice.settings(),
          notice == null ? QueueLimits.NONE : notice.limits());
    }
    retired.removeIf(Producers::isOver);
  }

  private void apply(String queue, QueueSettings said, QueueLimits limits) {
    QueueOptions code = declared.getOrDefault(queue, OF_OTHERS);
    boolean runs = said.started() == null ? declared.containsKey(queue) : said.started();
    Producer producer = producers.get(queue);
    if (!runs) {
      retire(queue);
      return;
    }
    QueueOptions options =
        code.withLimit(said.nodeLimit() == null ? code.limit() : said.nodeLimit())
            .withPaused(said.paused() == null ? code.paused() : said.paused())
            .withMemory(said.nodeMemory() == null ? code.memory() : said.nodeMemory());
    if (producer == null) {
      producer = factory.make(queue, options, loads.computeIfAbsent(queue, name -> new Load()));
      producers.put(queue, producer);
      producer.start();
    }
    producer.change(options, limits);
  }

  private void retire(String queue) {
    Producer producer = producers.remove(queue);
    if (producer != null) {
      log.info("Queue '{}' was stopped; what runs of it goes on to its end", queue);
      producer.stop();
      retired.add(producer);
    }
  }

  private static boolean isOver(Producer producer) {
    if (producer.isAlive()) {
      return false;
    }
    producer.shutdownThreads();
    return true;
  }

  /** Jobs may be waiting that were not there a moment ago. */
  void wake() {
    producers.values().forEach(Producer::wake);
  }

  /** The same, in these queues only. */
  void wake(Set<String> queues) {
    queues.stream()
        .flatMap(queue -> Stream.ofNullable(producers.get(queue)))
        .forEach(Producer::wake);
  }

  /** A job of the queue has ended, as the store knows now. */
  void jobEnded(String queue) {
    Producer producer = producers.get(queue);
    if (producer != null && producer.isLimited()) {
      producer.wake();
    }
  }

  synchronized void stop() {
    stopped = true;
    all().forEach(Producer::stop);
  }

  void join(long untilNanos) throws InterruptedException {
    for (Producer producer : all()) {
      producer.join(Duration.ofNanos(untilNanos - System.nanoTime()));
    }
  }

  void shutdownThreads() {
    all().forEach(Producer::shutdownThreads);
  }

  /** Whether the caller is one of them. */
  boolean isCurrentThread() {
    return all().stream().anyMatch(Producer::isCurrentThread);
  }

  private synchronized Collection<Producer> all() {
    List<Producer> all = new ArrayList<>(producers.values());
    all.addAll(retired);
    return all;
  }
}
