package io.neuralbridge;

import io.neuralbridge.event.JobListener;
import io.neuralbridge.job.CarriedContext;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.Keyring;
import io.neuralbridge.job.Names;
import io.neuralbridge.job.TraceContext;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.retry.RecoveryRule;
import io.neuralbridge.schedule.InMemoryScheduler;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Scheduler;
import io.neuralbridge.worker.Extension;
import io.neuralbridge.worker.JobInterceptor;
import io.neuralbridge.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
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
  private final List<JobInterceptor> interceptors = new ArrayList<>();
  private final List<RecoveryRule> rules = new ArrayList<>();
  private final List<Recurring> recurring = new ArrayList<>();
  private final List<Recurring> brought = new ArrayList<>();
  private final Settings settings = new Settings();
  private Predicate<String> mdcKeys = key -> true;
  private TraceContext.Source traceSource = MdcTrace::current;
  private Keyring keys = Keyring.EMPTY;
  private @Nullable Queue store;
  private @Nullable Scheduler scheduler;

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

  /**
   * Runs a queue on this node. What is said at run time through {@link NeuralBridge#queues} wins
   * over the options, and is stored.
   */
  public Builder queue(String name, QueueOptions options) {
    queues.put(Names.require("queue", name), options);
    return this;
  }

  /**
   * The default queues as for production: {@code default} 20, {@code embeddings} 10, {@code
   * training} 2 (computing), {@code api_calls} 50, none paused. Same as
   *
   * <pre>{@code
   * .queue("default", 20)
   * .queue("embeddings", 10)
   * .queue("training", QueueOptions.computing(2))
   * .queue("api_calls", 50)
   * }</pre>
   */
  public Builder productionQueues() {
    return queue("default", 20)
        .queue("embeddings", 10)
        .queue("training", QueueOptions.computing(2))
        .queue("api_calls", 50);
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

  /** Adds what stands around every run, further in than those that were added before. */
  public Builder interceptor(JobInterceptor interceptor) {
    interceptors.add(interceptor);
    return this;
  }

  /**
   * The keys for jobs with {@linkplain JobType#withEncryptedArgs encrypted args}. A job whose key
   * is not here keeps the error {@link io.neuralbridge.job.SealedArgsException#MISSING_KEY} and is
   * tried again each minute, which uses up no attempt. Default: none, and such jobs are refused.
   */
  public Builder encryption(Keyring keys) {
    this.keys = keys;
    return this;
  }

  /**
   * Which keys of the logging context (MDC) a job takes along from whoever enqueues it to its runs.
   * They are stored in its meta, {@value CarriedContext#MAX_MDC_CHARS} characters at most: what
   * does not fit is left out. Default: all. None: {@code key -> false}.
   */
  public Builder carryMdc(Predicate<String> keys) {
    mdcKeys = keys;
    return this;
  }

  /**
   * Where the trace is found that a job takes along, for {@link
   * io.neuralbridge.worker.JobContext#trace}. Default: in the logging context, under the names that
   * OpenTelemetry ({@code trace_id}, {@code span_id}, {@code trace_flags}), Micrometer Tracing
   * ({@code traceId}, {@code spanId}) and W3C ({@code traceparent}, {@code tracestate}) use.
   */
  public Builder traceSource(TraceContext.Source source) {
    traceSource = source;
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

  /**
   * Where recurring jobs are kept; it must be of the same store as the jobs. Default: in memory, if
   * the jobs are; else nothing recurs.
   */
  public Builder scheduler(Scheduler scheduler) {
    this.scheduler = scheduler;
    return this;
  }

  /** Adds recurring jobs, which are inserted at their planned times, once for all nodes. */
  public Builder recurring(Recurring... recurring) {
    this.recurring.addAll(List.of(recurring));
    return this;
  }

  /** What people read in lists of nodes. Default: process id and host name. */
  public Builder nodeName(String nodeName) {
    settings.nodeName(nodeName);
    return this;
  }

  /**
   * How long a job may wait unseen that another process enqueued, where the store has no better way
   * to tell; PostgreSQL has. The same for the end of a job that is awaited here and runs elsewhere.
   * Default: 250 ms; jobs of this process start, and are answered, at once.
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
   * How soon this node follows what was said elsewhere: jobs that were given up, queues that were
   * paused, scaled, started or stopped. Default: 1 s.
   */
  public Builder noticeInterval(Duration noticeInterval) {
    settings.noticeInterval(noticeInterval);
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

  /**
   * How long a run may go on after it was interrupted at its timeout or deadline. Then its job is
   * settled without it, its slot is given to another, and its thread is reported as {@linkplain
   * io.neuralbridge.event.JobEvent.Stuck stuck}. Default: 5 s.
   */
  public Builder interruptGrace(Duration interruptGrace) {
    settings.interruptGrace(interruptGrace);
    return this;
  }

  /** How long final jobs are kept. Default: 7 days. */
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

  /** Elapsed time for what is not measured by the store's clock; for tests. */
  Builder nanos(LongSupplier nanos) {
    settings.nanos(nanos);
    return this;
  }

  /**
   * Completes the bridge; {@link NeuralBridge#start} runs it.
   *
   * @throws IllegalStateException if a worker's queue does not run here, if its jobs are encrypted
   *     and there are no keys, or if there are recurring jobs and no scheduler
   */
  public NeuralBridge build() {
    Queue queue = store == null ? inMemory() : store;
    Scheduler entries = scheduler == null ? schedulerOf(queue) : scheduler;
    Awaiter awaiter = new Awaiter(queue, settings.pollInterval());
    Intake intake = new Intake(new Contexts(mdcKeys, traceSource), keys);
    StoreJobClient client = new StoreJobClient(queue, intake, awaiter);
    LateQueues switches = new LateQueues();
    extensions.forEach(extension -> extension.install(installer(client, switches)));
    workers.values().forEach(this::requireQueue);
    workers.values().forEach(this::requireKeys);
    List<RecoveryRule> allRules = new ArrayList<>(rules);
    allRules.addAll(RecoveryRule.builtIn());
    Events events = new Events(awaiter, listeners);
    Host host = new Host(workers, allRules, interceptors, keys);
    Engine engine = new Engine(queue, settings, queues, host, events, client);
    if (entries != null) {
      engine.follow(entries, allRecurring());
    } else {
      tellOfNoScheduler();
    }
    client.connect(engine);
    NeuralBridge bridge = new NeuralBridge(client, engine, entries);
    switches.connect(bridge.queues());
    return bridge;
  }

  private @Nullable Scheduler schedulerOf(Queue queue) {
    if (queue instanceof InMemoryQueue inMemory) {
      return new InMemoryScheduler(inMemory);
    }
    if (!recurring.isEmpty()) {
      throw new IllegalStateException(
          "there are recurring jobs, '%s' among them, and no scheduler: add .scheduler(…) of the same store as the jobs, such as JdbcBackend.scheduler()"
              .formatted(recurring.get(0).name()));
    }
    return null;
  }

  private List<Recurring> allRecurring() {
    List<Recurring> all = new ArrayList<>(recurring);
    Set<String> names = new HashSet<>();
    recurring.forEach(entry -> names.add(entry.name()));
    // The host's own take the place of those that it was brought.
    brought.stream().filter(entry -> names.add(entry.name())).forEach(all::add);
    return all;
  }

  private void tellOfNoScheduler() {
    brought.forEach(
        entry ->
            log.info(
                "There is no scheduler, so '{}' does not recur: add .scheduler(…) of the same store as the jobs, such as JdbcBackend.scheduler()",
                entry.name()));
  }

  private static Queue inMemory() {
    log.info("No store is set: jobs are kept in memory and end with this process");
    return new InMemoryQueue();
  }

  private Extension.Installer installer(JobClient client, Extension.QueueSwitch switches) {
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
      public void interceptor(JobInterceptor interceptor) {
        Builder.this.interceptor(interceptor);
      }

      @Override
      public void recurring(Recurring... recurring) {
        brought.addAll(List.of(recurring));
      }

      @Override
      public JobClient client() {
        return client;
      }

      @Override
      public Extension.QueueSwitch queues() {
        return switches;
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

  private void requireKeys(Worker<?> worker) {
    if (worker.type().encrypted() && keys.isEmpty()) {
      throw new IllegalStateException(
          "the args of '%s' jobs are encrypted, and there is no key: add .encryption(Keyring.of(…))"
              .formatted(worker.type().kind()));
    }
  }
}
