package io.neuralbridge.queue;

import io.neuralbridge.job.FlowStore;
import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Queue} in this process's memory: nothing outlives the process. For tests, for tools, and
 * for work that can be found again.
 *
 * <p>Keeps the last 10,000 final jobs at most, beside those that others need. Safe for use by many
 * threads.
 */
public final class InMemoryQueue implements Queue {

  private static final int MAX_FINAL_JOBS = 10_000;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, Entry> live = new HashMap<>();
  private final Map<Long, Entry> ended = new LinkedHashMap<>();
  private final Map<String, WaitingLine> waiting = new HashMap<>();
  private final Set<Entry> executing = new HashSet<>();
  private final Map<Long, Instant> nodes = new HashMap<>();
  private final UniqueIndex uniques = new UniqueIndex();
  private final InMemoryControls controls = new InMemoryControls(this);
  private final MemoryTies ties = new MemoryTies(new TiedJobs());
  private final FlowStore flows;
  private final History history;
  private final Leadership leadership;
  private final JobReports reports = new InMemoryReports(this);
  private long lastJobId;
  private long lastNodeId;

  public InMemoryQueue() {
    this(InstantSource.system());
  }

  /** A queue whose time is {@code clock}'s. */
  public InMemoryQueue(InstantSource clock) {
    this.clock = clock;
    this.flows = new MemoryFlowStore(this, ties.flows(), clock);
    this.history = new InMemoryHistory(this, ended, uniques, ties, clock);
    this.leadership = new InMemoryLeadership(clock);
  }

  @Override
  public synchronized List<Job> insert(List<NewJob> jobs) {
    Instant now = clock.instant();
    TiePlan plan = ties.plan(jobs);
    List<Entry> entries = new ArrayList<>(jobs.size());
    Set<Long> stored = new HashSet<>();
    for (NewJob job : jobs) {
      Entry entry = uniques.holder(job.unique(), now);
      if (entry == null) {
        entry = store(job, plan.isSuspended(entries.size()), now);
        stored.add(entry.id);
      } else if (job.unique() != null && line(entry).remove(entry)) {
        UniqueIndex.replace(entry, job, job.unique(), now);
        line(entry).add(entry);
      }
      entries.add(entry);
    }
    ties.tie(plan, entries, now);
    return entries.stream()
        .map(entry -> stored.remove(entry.id) ? entry.toJob(now) : entry.toJob(now).asExisting())
        .toList();
  }

  private Entry store(NewJob job, boolean suspended, Instant now) {
    Entry entry = new Entry(++lastJobId, job.spec(), now, job.dueAt(now));
    entry.unique = job.unique();
    entry.suspended = suspended;
    live.put(entry.id, entry);
    lineUp(entry);
    uniques.take(entry);
    return entry;
  }

  @Override
  public synchronized Staged stage(int limit) {
    return ties.stage(limit, clock.instant());
  }

  @Override
  public FlowStore flows() {
    return flows;
  }

  /** What the stager does with jobs. */
  private final class TiedJobs implements MemoryJobs {

    @Override
    public @Nullable Entry live(long id) {
      return live.get(id);
    }

    @Override
    public @Nullable Entry ended(long id) {
      return ended.get(id);
    }

    @Override
    public void free(Entry entry) {
      entry.suspended = false;
      lineUp(entry);
    }

    @Override
    public void giveUp(Entry entry, JobError reason) {
      entry.addError(reason);
      end(entry, JobState.CANCELLED, null, clock.instant());
    }
  }

  @Override
  public synchronized List<Lease> claim(Claim claim) {
    if (!nodes.containsKey(claim.node())) {
      return List.of();
    }
    Instant now = clock.instant();
    List<Lease> leases = new ArrayList<>();
    for (Candidate next : controls.begin(claim, line(claim.queue()), now)) {
      Entry entry = Objects.requireNonNull(live.get(next.id()));
      line(entry).remove(entry);
      entry.node = claim.node();
      entry.token = random.nextLong();
      entry.attempt++;
      entry.executing = true;
      executing.add(entry);
      leases.add(new Lease(entry.toJob(now), entry.token, entry.cancelRequested, now));
    }
    leases.sort(Lease.ORDER);
    return leases;
  }

  @Override
  public synchronized Optional<Duration> untilNextDue(String queue) {
    return controls.untilNext(queue, line(queue), clock.instant());
  }

  @Override
  public synchronized Set<Long> settle(List<Transition> transitions) {
    Instant now = clock.instant();
    Set<Long> accepted = new LinkedHashSet<>();
    for (Transition transition : transitions) {
      Entry entry = live.get(transition.jobId());
      if (entry != null && entry.executing && entry.token == transition.token()) {
        entry.addError(transition.error());
        apply(transition, entry, now);
        accepted.add(entry.id);
      }
    }
    return accepted;
  }

  private void apply(Transition transition, Entry entry, Instant now) {
    if (transition instanceof Transition.Finish finish) {
      end(entry, finish.state(), finish.result(), now);
    } else if (transition instanceof Transition.Back back) {
      wait(entry, dueAfter(back, entry, now), back.refund());
    }
  }

  private static Instant dueAfter(Transition.Back back, Entry entry, Instant now) {
    Duration delay = back.delay();
    if (delay == null) {
      return entry.runAt;
    }
    // A job that was given up meanwhile comes to its next claim, which cancels it, at once.
    return entry.cancelRequested ? now : now.plus(delay);
  }

  @Override
  public synchronized long join(String name, Duration timeToLive) {
    nodes.put(++lastNodeId, clock.instant().plus(timeToLive));
    controls.joined(lastNodeId, name);
    return lastNodeId;
  }

  @Override
  public synchronized Renewal renew(long node, Duration timeToLive) {
    Instant expiry = clock.instant().plus(timeToLive);
    if (nodes.computeIfPresent(node, (id, old) -> expiry) == null) {
      return Renewal.DEAD;
    }
    return new Renewal(true, cancelRequested(node));
  }

  private Set<Long> cancelRequested(long node) {
    return executing()
        .filter(entry -> entry.node == node && entry.cancelRequested)
        .map(entry -> entry.id)
        .collect(Collectors.toSet());
  }

  @Override
  public synchronized Notices notices(long node) {
    return nodes.containsKey(node)
        ? new Notices(true, cancelRequested(node), controls.notices(node))
        : Notices.DEAD;
  }

  @Override
  public QueueControls controls() {
    return controls;
  }

  @Override
  public synchronized Map<Long, Long> leases(long node) {
    Map<Long, Long> leases = new HashMap<>();
    for (Entry entry : live.values()) {
      if (entry.executing && entry.node == node) {
        leases.put(entry.id, entry.token);
      }
    }
    return leases;
  }

  @Override
  public synchronized void leave(long node) {
    nodes.remove(node);
  }

  @Override
  public synchronized List<Job> rescue(int maxCrashes) {
    Instant now = clock.instant();
    nodes.values().removeIf(expiry -> expiry.isBefore(now));
    List<Job> rescued = new ArrayList<>();
    for (Entry entry : List.copyOf(live.values())) {
      if (entry.executing && !nodes.containsKey(entry.node)) {
        rescue(entry, maxCrashes, now);
        rescued.add(entry.toJob(now));
      }
    }
    return rescued;
  }

  private void rescue(Entry entry, int maxCrashes, Instant now) {
    entry.crashes++;
    entry.addError(Crashes.error(entry.attempt, entry.crashes, maxCrashes, now));
    if (entry.crashes >= maxCrashes) {
      end(entry, JobState.DISCARDED, null, now);
    } else {
      wait(entry, entry.runAt, true);
    }
  }

  @Override
  public synchronized Set<Long> cancel(Collection<Long> ids) {
    Instant now = clock.instant();
    Set<Long> cancelled = new LinkedHashSet<>();
    for (Long id : ids) {
      Entry entry = live.get(id);
      if (entry != null) {
        entry.cancelRequested = true;
        if (!entry.executing) {
          line(entry).remove(entry);
          end(entry, JobState.CANCELLED, null, now);
        }
        cancelled.add(id);
      }
    }
    return cancelled;
  }

  @Override
  public synchronized Set<Long> retry(Collection<Long> ids) {
    Instant now = clock.instant();
    Set<Long> retried = new LinkedHashSet<>();
    List<Entry> reopened = new ArrayList<>();
    for (Long id : ids) {
      Entry entry = live.get(id);
      Entry end = ended.get(id);
      if (end != null && uniques.retake(end, now)) {
        entry = reopen(end);
        reopened.add(entry);
      } else if (entry != null && entry.suspended) {
        ties.waive(entry);
      } else if (entry != null && !entry.executing) {
        line(entry).remove(entry);
      } else {
        continue;
      }
      entry.cancelRequested = false;
      entry.attempt = Math.min(entry.attempt, entry.spec.maxAttempts() - 1);
      wait(entry, now, false);
      retried.add(id);
    }
    reopened.forEach(ties::awaitNeeds);
    return retried;
  }

  private Entry reopen(Entry entry) {
    JobState before = entry.finalState();
    ended.remove(entry.id);
    entry.reopen();
    live.put(entry.id, entry);
    ties.reopened(entry, before);
    return entry;
  }

  @Override
  public synchronized Set<Long> delete(Collection<Long> ids) {
    Set<Long> deleted = new LinkedHashSet<>();
    for (Long id : ids) {
      Entry entry = entry(id).orElse(null);
      if (entry != null && !entry.executing) {
        line(entry).remove(entry);
        live.remove(id);
        ended.remove(id);
        uniques.forget(entry);
        ties.forget(entry);
        deleted.add(id);
      }
    }
    return deleted;
  }

  @Override
  public synchronized Set<Long> edit(Collection<Long> ids, JobEdit edit) {
    Set<Long> edited = new LinkedHashSet<>();
    for (Long id : ids) {
      Entry entry = live.get(id);
      if (entry != null && !entry.executing) {
        boolean inLine = line(entry).remove(entry);
        entry.edit(edit);
        if (inLine) {
          line(entry).add(entry);
        }
        edited.add(id);
      } else if (ended.containsKey(id)) {
        ended.get(id).edit(edit);
        edited.add(id);
      }
    }
    return edited;
  }

  @Override
  public synchronized Optional<Job> find(long id) {
    return entry(id).map(entry -> entry.toJob(clock.instant()));
  }

  @Override
  public synchronized List<Job> find(Collection<Long> ids) {
    Instant now = clock.instant();
    return new TreeSet<>(ids)
        .stream().flatMap(id -> entry(id).stream()).map(entry -> entry.toJob(now)).toList();
  }

  @Override
  public synchronized Set<Long> live(Collection<Long> ids) {
    return ids.stream().filter(live::containsKey).collect(Collectors.toSet());
  }

  @Override
  public synchronized Page<Job> list(JobFilter filter, Paging paging) {
    Instant now = clock.instant();
    return Listing.page(
        Stream.concat(live.values().stream(), ended.values().stream())
            .map(entry -> entry.toJob(now)),
        filter,
        paging);
  }

  @Override
  public Page<Long> ids(JobFilter filter, Paging paging) {
    Page<Job> page = list(filter, paging);
    return new Page<>(page.items().stream().map(Job::id).toList(), page.next());
  }

  @Override
  public History history() {
    return history;
  }

  @Override
  public Leadership leadership() {
    return leadership;
  }

  @Override
  public synchronized List<JobError> errors(long id) {
    return entry(id).map(entry -> List.copyOf(entry.errors.values())).orElse(List.of());
  }

  @Override
  public synchronized Map<JobState, Long> counts() {
    Instant now = clock.instant();
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, 0L);
    }
    live.values().forEach(entry -> counts.merge(entry.state(now), 1L, Long::sum));
    ended.values().forEach(entry -> counts.merge(entry.state(now), 1L, Long::sum));
    return counts;
  }

  Instant now() {
    return clock.instant();
  }

  /** The nodes that have joined. */
  Set<Long> nodes() {
    return nodes.keySet();
  }

  /** The jobs that run; those of nodes that are gone run until they are rescued. */
  Stream<Entry> executing() {
    executing.removeIf(entry -> !entry.executing);
    return executing.stream();
  }

  @Override
  public JobReports reports() {
    return reports;
  }

  Optional<Entry> entry(long id) {
    Entry entry = live.get(id);
    return Optional.ofNullable(entry == null ? ended.get(id) : entry);
  }

  private WaitingLine line(Entry entry) {
    return line(entry.spec.queue());
  }

  private WaitingLine line(String queue) {
    return waiting.computeIfAbsent(queue, name -> new WaitingLine());
  }

  private void wait(Entry entry, Instant runAt, boolean refund) {
    entry.executing = false;
    entry.runAt = runAt;
    entry.attempt -= refund ? 1 : 0;
    lineUp(entry);
  }

  private void lineUp(Entry entry) {
    if (!entry.suspended) {
      line(entry).add(entry);
    }
  }

  private void end(Entry entry, JobState state, @Nullable String result, Instant now) {
    entry.end(state, result, now);
    live.remove(entry.id);
    ended.put(entry.id, entry);
    ties.ended(entry);
    for (int tries = 0; tries < 2 && ended.size() > MAX_FINAL_JOBS; tries++) {
      forgetOldest();
    }
  }

  // One that must be kept goes to the end of the line, or it would be looked at again and again.
  private void forgetOldest() {
    Entry oldest = ended.values().iterator().next();
    ended.remove(oldest.id);
    if (ties.keeps(oldest)) {
      ended.put(oldest.id, oldest);
    } else {
      uniques.forget(oldest);
      ties.forget(oldest);
    }
  }
}
