package io.neuralbridge;

import io.neuralbridge.event.JobListener;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Names;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.worker.Extension;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a {@link NeuralBridge}. Defaults: jobs in memory; queues {@code default} 10, {@code
 * embeddings} 5, {@code training} 3 (computing), {@code api_calls} 20; no workers. Not for use by
 * several threads.
 */
public final class Builder {

  private static final Logger log = LoggerFactory.getLogger(Builder.class);

  private final Map<String, QueueOptions> queues = new TreeMap<>();
  private final Map<String, Worker<?>> workers = new LinkedHashMap<>();
  private final List<Extension> extensions = new ArrayList<>();
  private final List<JobListener> listeners = new ArrayList<>();
  private final List<RecoveryRule> rules = new ArrayList<>();
  private final Settings settings = new Settings();
  private @Nullable Queue store;

  Builder() {
    queues.put("default", QueueOptions.waiting(10));
    queues.put("embeddings", QueueOptions.waiting(5));
    queues.put("training", QueueOptions.computing(3));
    queues.put("api_calls", QueueOptions.waiting(20));
  }

  /**
   * Where jobs are kept. Default: {@link InMemoryQueue}, which forgets them when the process ends.
   */
  public Builder store(Queue store) {
    this.store = store;
    return this;
  }

  /**
   * Runs a queue on this node, with at most {@code limit} of its jobs at once; replaces a default's
   * limit.
   */
  public Builder queue(String name, int limit) {
    return queue(name, QueueOptions.waiting(limit));
  }

  /** Runs a queue on this node. */
  public Builder queue(String name, QueueOptions options) {
    queues.put(Names.require("queue", name), options);
    return this;
  }

  /** Forgets all queues that were set so far, the defaults among them. */
  public Builder withoutQueues() {
    queues.clear();
    return this;
  }

  /**
   * Registers a worker.
   *
   * @throws IllegalArgumentException if there is one for its kind already
   */
  public Builder worker(Worker<?> worker) {
    String kind = worker.type().kind();
    Worker<?> other = workers.putIfAbsent(kind, worker);
    if (other != null) {
      throw new IllegalArgumentException(
          "two workers for kind '%s': %s and %s; give one of them another kind"
              .formatted(kind, other.getClass().getName(), worker.getClass().getName()));
    }
    return this;
  }

  /** Adds what brings workers of its own. */
  public Builder install(Extension... extensions) {
    this.extensions.addAll(List.of(extensions));
    return this;
  }

  /** Adds a listener for what happens on this node. */
  public Builder listener(JobListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Adds a rule for failed attempts. Rules are asked in the order in which they were added, then
   * those that every bridge has, {@link RecoveryRule#builtIn}, then the worker's retry policy.
   */
  public Builder recoveryRule(RecoveryRule rule) {
    rules.add(rule);
    return this;
  }

  /** What people read in lists of nodes. Default: process id and host name. */
  public Builder nodeName(String nodeName) {
    settings.nodeName(nodeName);
    return this;
  }

  /**
   * How long a job may wait unseen that another process enqueued, where the store has no better way
   * to tell; PostgreSQL has. Default: 250 ms; jobs of this process start at once.
   */
  public Builder pollInterval(Duration pollInterval) {
    settings.pollInterval(pollInterval);
    return this;
  }

  /**
   * How often this node says that it lives, and how long the others believe it. Default: 5 s and 20
   * s, with which the jobs of a node that died run again within 30 s.
   *
   * @throws IllegalArgumentException if {@code timeToLive} is shorter than three intervals, or
   *     longer than 30 minutes
   */
  public Builder heartbeat(Duration interval, Duration timeToLive) {
    settings.heartbeat(interval, timeToLive);
    return this;
  }

  Builder lifeline(Duration lifeline) {
    settings.lifeline(lifeline);
    return this;
  }

  /**
   * How long {@link NeuralBridge#close} waits for running jobs before it interrupts them. Default:
   * 15 s.
   */
  public Builder shutdownGrace(Duration shutdownGrace) {
    settings.shutdownGrace(shutdownGrace);
    return this;
  }

  /** How long final jobs are kept, whatever they are. Default: 7 days. */
  public Builder retention(Duration retention) {
    return retention(Retention.of(retention));
  }

  /** How long final jobs are kept, by state, queue and kind. Default: 7 days. */
  public Builder retention(Retention retention) {
    settings.retention(retention);
    return this;
  }

  /** Gets final jobs before they are pruned. Default: none; they are only deleted. */
  public Builder archive(JobArchive archive) {
    settings.archive(archive);
    return this;
  }

  /** How often a job's process may die before the job is discarded. Default: 3. */
  public Builder maxCrashes(int maxCrashes) {
    settings.maxCrashes(maxCrashes);
    return this;
  }

  /**
   * Completes the bridge; {@link NeuralBridge#start} runs it.
   *
   * @throws IllegalStateException if a worker's queue does not run here
   */
  public NeuralBridge build() {
    StoreJobClient client = new StoreJobClient(store == null ? inMemory() : store);
    extensions.forEach(extension -> extension.install(installer(client)));
    workers.values().forEach(this::requireQueue);
    List<RecoveryRule> allRules = new ArrayList<>(rules);
    allRules.addAll(RecoveryRule.builtIn());
    Engine engine =
        new Engine(client.queue(), settings, queues, workers, allRules, new Events(listeners));
    client.connect(engine);
    return new NeuralBridge(client, engine);
  }

  private static Queue inMemory() {
    log.info("No store is set: jobs are kept in memory and end with this process");
    return new InMemoryQueue();
  }

  private Extension.Installer installer(JobClient client) {
    return new Extension.Installer() {
      @Override
      public void worker(Worker<?> worker) {
        Builder.this.worker(worker);
      }

      @Override
      public void recoveryRule(RecoveryRule rule) {
        Builder.this.recoveryRule(rule);
      }

      @Override
      public JobClient client() {
        return client;
      }
    };
  }

  private void requireQueue(Worker<?> worker) {
    JobType<?> type = worker.type();
    if (!queues.containsKey(type.queue())) {
      throw new IllegalStateException(
          "jobs of kind '%s' wait in queue '%s', which this node does not run; it runs %s: add .queue(\"%s\", …)"
              .formatted(type.kind(), type.queue(), queues.keySet(), type.queue()));
    }
  }
}
