package io.neuralbridge;

import io.neuralbridge.queue.Claim;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import io.neuralbridge.queue.QueueLimits;
import io.neuralbridge.queue.QueueSettings;
import io.neuralbridge.worker.ChunkLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the jobs of one queue for this node: as many as it has free slots and memory for, of short
 * jobs a few more, and of those that run in chunks as many as make chunks for the free slots.
 */
final class Producer {

  private static final Logger log = LoggerFactory.getLogger(Producer.class);
  private static final Duration SOONEST = Duration.ofMillis(20);
  private static final int LARGEST_CLAIM = 1_000;

  private final String name;
  private final Load load;
  private final AtomicInteger mine = new AtomicInteger();
  private final Queue queue;
  private final Node node;
  private final OpenClaims claims;
  private final LastChance lastChance;
  private final Executor executor;
  private final Completer completer;
  private final Duration pollInterval;
  private final Kinds kinds;
  private final LongSupplier nanos;
  private final Slots slots;
  private final Gatherer gatherer = new Gatherer();
  private final Loop loop;
  private volatile QueueOptions options;
  private volatile QueueLimits limits = QueueLimits.NONE;
  private volatile boolean more;
  private long claimedNanos;
  private int largestChunk = 1;
  private boolean chunksOnly;
  private boolean gathersMore;

  /**
   * @param load what of the queue runs on this node, that of an earlier producer among it
   */
  Producer(String name, QueueOptions options, Load load, Duration pollInterval, Engine engine) {
    this.name = name;
    this.options = options;
    this.load = load;
    this.queue = engine.queue;
    this.node = engine.node;
    this.claims = engine.claims;
    this.lastChance = engine.lastChance;
    this.executor = engine.executor;
    this.completer = engine.completer;
    this.pollInterval = pollInterval;
    this.kinds = engine.kinds;
    this.nanos = engine.nanos;
    this.slots =
        new Slots(
            options.limit(),
            Threads.forJobs(name, options.cpuBound()),
            load.memory(),
            System::nanoTime);
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
    return limits.isLimited();
  }

  void change(QueueOptions options, QueueLimits limits) {
    boolean news = !options.equals(this.options) || !limits.equals(this.limits);
    this.options = options;
    this.limits = limits;
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
    handBackWaiting(slots.takeWaiting());
    handBack(gatherer.close());
  }

  private Duration round() {
    handBackWaiting(overdue());
    endGivenUp();
    Duration pause;
    gathersMore = false;
    try {
      pause = claim();
    } finally {
      startChunks();
    }
    return Stream.of(
            Optional.ofNullable(untilOverdue()),
            Optional.ofNullable(gatherer.untilDue(nanos.getAsLong())))
        .flatMap(Optional::stream)
        .reduce(pause, Producer::min);
  }

  private List<Unit> overdue() {
    Duration overdue = untilOverdue();
    return overdue != null && overdue.isZero() ? slots.takeOverdue() : List.of();
  }

  // A start has cost its permits for good: handed back, a job would need them once more.
  private @Nullable Duration untilOverdue() {
    return limits.rate() == null ? slots.untilOverdue() : null;
  }

  // What waits for long, unlike what waits for a slot for a moment, must not wait in vain.
  private void endGivenUp() {
    executor.endGivenUp(gatherer.leases());
    for (Unit waiting : waitingForLong()) {
      executor.endGivenUp(waiting.leases());
      boolean over = waiting.leases().stream().noneMatch(executor::holds);
      if (over && slots.withdraw(waiting)) {
        handBackWaiting(List.of(waiting));
      }
    }
  }

  private List<Unit> waitingForLong() {
    return limits.rate() == null
        ? Stream.ofNullable(slots.waitsForMemory()).toList()
        : slots.waiting();
  }

  private Duration claim() {
    long nodeId = node.id();
    int ofEarlier = load.units().get() - mine.get();
    load.memory().resize(options.memory());
    slots.resize(options.limit() - ofEarlier, !isLimited());
    int wanted = wanted();
    if (wanted <= 0) {
      // What is not claimed now may be due when a job ends.
      more = true;
    }
    if (nodeId == Node.NOT_JOINED || options.paused() || wanted <= 0 || completer.isFull()) {
      return pollInterval;
    }
    claimedNanos = nanos.getAsLong();
    int gathered = gatherer.size();
    List<Lease> leases;
    long started;
    long number = claims.begin();
    try {
      List<Lease> claimed = queue.claim(new Claim(name, nodeId, wanted));
      more = claimed.size() == wanted;
      leases = lastChance.admit(claimed);
      started = leases.stream().filter(this::take).count();
    } finally {
      claims.end(number);
    }
    if (!leases.isEmpty()) {
      chunksOnly = gatherer.size() - gathered == leases.size();
    }
    List<Lease> crashed = leases.stream().filter(lease -> lease.job().crashes() > 0).toList();
    if (!crashed.isEmpty()) {
      // What may kill this process takes nothing along that does not even run.
      handBackWaiting(waitingBeside(crashed));
      handBack(gatherer.takeAll());
    }
    if (node.id() != nodeId) {
      executor.leasesLost(leases);
    }
    requireAll(started, leases.size());
    if (!more) {
      return untilNext(leases.isEmpty());
    }
    // With chunks or a budget, a claim that brought all that it asked for may leave slots free.
    boolean cautious = gatherer.size() > 0 || options.memory() != QueueSettings.ANY_MEMORY;
    boolean again = cautious && wanted() > 0;
    gathersMore = again && gatherer.size() > gathered;
    return again ? Duration.ZERO : pollInterval;
  }

  // One that waits for memory keeps its turn if it is itself the only one that may kill.
  private List<Unit> waitingBeside(List<Lease> crashed) {
    Unit next = slots.waitsForMemory();
    boolean keepsTurn = next != null && next.leases().containsAll(crashed);
    return keepsTurn ? slots.takeOverdue() : slots.takeWaiting();
  }

  /** How many jobs to ask the store for. */
  private int wanted() {
    int places = slots.wanted();
    long jobs = (long) places * largestChunk - gatherer.size();
    long most = chunksOnly ? Math.max(places, LARGEST_CLAIM) : places;
    return (int) Math.min(Math.min(jobs, most), load.memory().room(gatherer.bytes()));
  }

  private void requireAll(long started, int wanted) {
    if (started < wanted) {
      throw new IllegalStateException(
          "no threads for %d jobs of queue '%s'".formatted(wanted - started, name));
    }
  }

  /** Takes a claimed job: to run at once, or with others. */
  private boolean take(Lease lease) {
    executor.hold(lease);
    long bytes = kinds.bytes(lease.job());
    load.memory().note(bytes);
    ChunkLimits limits = kinds.chunkLimits(lease.job());
    if (limits == null) {
      return start(new Unit(List.of(lease), bytes));
    }
    largestChunk = Math.max(largestChunk, limits.most());
    try {
      gather(lease, limits, bytes);
      return true;
    } catch (RuntimeException | Error e) {
      // Somebody's equals or hashCode: without this the lease would be held and never run.
      log.warn(
          "Job {} runs alone, as what it has in common with others cannot be compared: {}",
          lease.job().id(),
          e.getClass().getName());
      return start(new Unit(List.of(lease), bytes));
    }
  }

  private void gather(Lease lease, ChunkLimits limits, long bytes) {
    Kinds.Together together = kinds.together(lease.job());
    long budget = load.memory().bytes();
    if (!gatherer.add(lease, together, limits, bytes, budget, claimedNanos)) {
      executor.handBack(List.of(lease));
    }
  }

  private void startChunks() {
    List<Unit> due = dueChunks();
    requireAll(due.stream().filter(this::start).count(), due.size());
  }

  private List<Unit> dueChunks() {
    if (options.paused()) {
      // Nothing comes any more that they could wait for.
      return gatherer.takeAll();
    }
    return gathersMore ? gatherer.takeFull() : gatherer.takeDue(nanos.getAsLong());
  }

  private boolean start(Unit unit) {
    load.units().incrementAndGet();
    mine.incrementAndGet();
    return executor.start(unit.leases(), task -> slots.run(unit, task), () -> slotIsFree(unit));
  }

  private void slotIsFree(Unit unit) {
    load.units().decrementAndGet();
    mine.decrementAndGet();
    slots.free(unit);
    if (more && slots.isLow()) {
      loop.wake();
    }
  }

  private void handBackWaiting(List<Unit> units) {
    load.units().addAndGet(-units.size());
    mine.addAndGet(-units.size());
    handBack(units);
  }

  private void handBack(List<Unit> units) {
    units.forEach(unit -> executor.handBack(unit.leases()));
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
