package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.job.DidYouMean;
import io.neuralbridge.job.JobClient;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Notices;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueNotice;
import io.neuralbridge.queue.WakeUps;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that runs in a started NeuralBridge, and the order in which it starts and stops. */
final class Engine implements WakeUps.Listener {

  private static final Logger log = LoggerFactory.getLogger(Engine.class);
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(2);
  private static final Duration FLUSH = Duration.ofSeconds(5);

  final Queue queue;
  final Completer completer;
  final LastChance lastChance;
  final Executor executor;
  final Node node;
  final OpenClaims claims = new OpenClaims();
  private final Timekeeper timekeeper;
  final Stager stager;
  final Kinds kinds;
  final LongSupplier nanos;
  private final Settings settings;
  private final Audit audit;
  private final Producers producers;
  private final Loop noticing;
  private final Leader leader;
  private final Set<String> warned = ConcurrentHashMap.newKeySet();
  private final List<Loop> duties;
  private @Nullable Timetable timetable;
  private WakeUps.@Nullable Subscription wakeUps;
  private Map<String, Integer> published = Map.of();
  private long publishedFor = Node.NOT_JOINED;
  private boolean declared;
  private boolean flushed;
  private boolean interrupted;

  Engine(
      Queue queue,
      Settings settings,
      Map<String, QueueOptions> queues,
      Host host,
      Events listeners,
      JobClient client) {
    this.queue = queue;
    this.settings = settings;
    this.kinds = new Kinds(host.workers(), host.keys());
    this.nanos = settings.nanos();
    this.stager = new Stager(queue, settings.pollInterval(), this::wakeProducers);
    Events events = listeners.and(stager).and(this::heed);
    Reporter reporter = new Reporter(queue, events);
    this.completer = new Completer(queue, reporter, events);
    this.timekeeper = new Timekeeper(settings.interruptGrace());
    this.lastChance = new LastChance(completer, settings.maxCrashes());
    this.executor =
        new Executor(new Pipeline(host, events, timekeeper, reporter, client), completer, events);
    this.node = new Node(queue, settings.nodeName(), settings.nodeTimeToLive(), executor);
    this.audit = new Audit(queue, executor, completer, claims);
    Rescuer rescuer = new Rescuer(queue, settings, events, System::nanoTime);
    this.producers =
        new Producers(
            queues,
            (name, options, load) ->
                new Producer(name, options, load, settings.pollInterval(), this));
    this.noticing = new Loop("notices", this::notice);
    Pruner pruner = new Pruner(queue.history(), settings, this::isLeader, System::nanoTime);
    Loop pruning = new Loop("pruner", pruner::round);
    this.leader = new Leader(queue.leadership(), node, settings, System::nanoTime, pruning::wake);
    this.duties =
        new ArrayList<>(
            List.of(
                new Loop("heartbeat", this::beat, settings.longestPauseOfABeat()),
                noticing,
                new Loop("reporter", reporter::round),
                new Loop("rescuer", rescuer::round, settings.longestPauseOfABeat()),
                stager.loop(),
                new Loop("leader", leader::round),
                pruning));
  }

  /** Makes recurring jobs a duty of this engine; before it starts. */
  void follow(Scheduler scheduler, List<Recurring> recurring) {
    timetable = new Timetable(scheduler, recurring, this::wakeProducers);
    duties.add(timetable.loop());
  }

  void start() {
    completer.start();
    duties.forEach(Loop::start);
    wakeUps = queue.wakeUps().listen(this);
  }

  /** Runs due jobs in the caller's thread, in an engine that was not started. */
  Drained drain(Collection<String> queues) {
    declareLimits();
    if (timetable != null) {
      timetable.fireAll();
    }
    Collection<String> wanted = queues.isEmpty() ? new TreeSet<>(producers.declared()) : queues;
    return new Drain(queue, kinds, executor, completer, producers::declaredMemory).run(wanted);
  }

  /** Jobs may be waiting that were not there a moment ago. */
  void wakeProducers() {
    producers.wake();
  }

  /** The queues that the code names. */
  Set<String> queueNames() {
    return producers.declared();
  }

  String nodeName() {
    return settings.nodeName();
  }

  /** Something was said of queues in this process, which need not wait for the next round. */
  void settingsChanged() {
    noticing.wake();
  }

  /** The same, in these queues only. */
  void wakeProducers(Set<String> queues) {
    producers.wake(queues);
  }

  @Override
  public void jobsMayBeDue(String queue) {
    wakeProducers(Set.of(queue));
  }

  @Override
  public void hintsMayBeLost() {
    wakeProducers();
  }

  boolean isLeader() {
    return leader.isLeader();
  }

  /** A name that is mistyped here would leave its jobs waiting in silence. */
  void warnOfForeignQueue(String name) {
    boolean runsHere = producers.declared().contains(name) || producers.names().contains(name);
    if (!runsHere && warned.add(name)) {
      log.warn(
          "Queue '{}' is not among those that this node runs: its jobs wait for a node that runs it; {}",
          name,
          DidYouMean.among(new TreeSet<>(producers.declared()), name));
    }
  }

  /** Whether the caller is a job of this engine, or a listener that it tells something. */
  boolean isOwnThread() {
    return executor.isJobThread()
        || completer.isCurrentThread()
        || timekeeper.isCurrentThread()
        || duties.stream().anyMatch(Loop::isCurrentThread)
        || producers.isCurrentThread();
  }

  /**
   * Stops claiming, waits for what runs, interrupts what is left, and hands back what even then
   * does not end. An interrupt ends the grace period, or whatever wait it meets, and skips no step:
   * a node that went on beating would keep its leases for ever.
   */
  void stop() {
    producers.stop();
    stopListening();
    long end = System.nanoTime() + settings.shutdownGrace().toNanos();
    await(() -> producers.join(end));
    producers.shutdownThreads();
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
    timekeeper.stop();
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
      leader.resign();
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
    boolean handedBack = audit.round(node.id());
    if (handedBack || node.id() != before) {
      noticing.wake();
      wakeProducers();
    }
    return settings.heartbeatInterval();
  }

  /** One round for all that this node must hear of soon. Producers begin with the first. */
  private Duration notice() {
    long id = node.id();
    if (id == Node.NOT_JOINED) {
      return settings.noticeInterval();
    }
    declareLimits();
    Notices notices = queue.notices(id);
    if (notices.alive()) {
      executor.cancel(notices.cancelRequested());
      declareWhatWasReset(notices.queues());
      producers.apply(notices.queues());
      publish(id);
    }
    return settings.noticeInterval();
  }

  private void declareLimits() {
    if (!declared) {
      queue.controls().declare(producers.declaredLimits());
      declared = true;
    }
  }

  private void declareWhatWasReset(Map<String, QueueNotice> notices) {
    Map<String, QueueLimits> limits = producers.declaredLimits();
    limits.keySet().removeIf(name -> !notices.containsKey(name) || notices.get(name).declared());
    if (!limits.isEmpty()) {
      queue.controls().declare(limits);
    }
  }

  private void publish(long id) {
    Map<String, Integer> limits = producers.limits();
    if (id != publishedFor || !limits.equals(published)) {
      queue.controls().publish(id, limits);
      published = limits;
      publishedFor = id;
    }
  }

  private void heed(JobEvent event) {
    lastChance.heed(event);
    if (!(event instanceof JobEvent.Started)) {
      producers.jobEnded(event.job().queue());
    }
  }
}
