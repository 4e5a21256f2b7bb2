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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@link Queue} in this process's memory: nothing outlives the process. For tests, for tools, and
 * for work that can be found again.
 *
 * <p>Keeps the last 10,000 final jobs at most, beside those that others need. Safe for use by many
 * threads.
 */
public final class InMemoryQueue implements Queue {

  private final InstantSource clock;
  private final MemoryTable jobs;
  private final SecureRandom random = new SecureRandom();
  private final Map<Long, Instant> nodes = new HashMap<>();
  private final InMemoryControls controls = new InMemoryControls(this);
  private final FlowStore flows;
  private final History history;
  private final Leadership leadership;
  private final JobReports reports;
  private long lastNodeId;

  public InMemoryQueue() {
    this(InstantSource.system());
  }

  /** A queue whose time is {@code clock}'s. */
  public InMemoryQueue(InstantSource clock) {
    this.clock = clock;
    this.jobs = new MemoryTable(clock);
    this.flows = new MemoryFlowStore(this, jobs.ties.flows(), clock);
    this.reports = new InMemoryReports(this, jobs);
    this.history = new InMemoryHistory(this, jobs, clock);
    this.leadership = new InMemoryLeadership(clock);
  }

  @Override
  public synchronized List<Job> insert(List<NewJob> newJobs) {
    Instant now = clock.instant();
    TiePlan plan = jobs.ties.plan(newJobs);
    List<Entry> entries = new ArrayList<>(newJobs.size());
    Set<Long> stored = new HashSet<>();
    for (NewJob job : newJobs) {
      Entry entry = jobs.uniques.holder(job.unique(), now);
      if (entry == null) {
        entry = jobs.insert(job, plan.isSuspended(entries.size()), now);
        stored.add(entry.id);
      } else if (job.unique() != null && jobs.takeOut(entry)) {
        UniqueIndex.replace(entry, job, job.unique(), now);
        jobs.lineUp(entry);
      }
      entries.add(entry);
    }
    jobs.ties.tie(plan, entries, now);
    return entries.stream()
        .map(entry -> stored.remove(entry.id) ? entry.toJob(now) : entry.toJob(now).asExisting())
        .toList();
  }

  @Override
  public synchronized Staged stage(int limit) {
    return jobs.ties.stage(limit, clock.instant());
  }

  @Override
  public FlowStore flows() {
    return flows;
  }

  @Override
  public synchronized List<Lease> claim(Claim claim) {
    if (!nodes.containsKey(claim.node())) {
      return List.of();
    }
    Instant now = clock.instant();
    List<Lease> leases = new ArrayList<>();
    for (Candidate next : controls.begin(claim, jobs.line(claim.queue()), now)) {
      Entry entry = Objects.requireNonNull(jobs.live(next.id()));
      jobs.begin(entry, claim.node(), random.nextLong());
      leases.add(new Lease(entry.toJob(now), entry.token, entry.cancelRequested, now));
    }
    leases.sort(Lease.ORDER);
    return leases;
  }

  @Override
  public synchronized Optional<Duration> untilNextDue(String queue) {
    return controls.untilNext(queue, jobs.line(queue), clock.instant());
  }

  @Override
  public synchronized Set<Long> settle(List<Transition> transitions) {
    Instant now = clock.instant();
    Set<Long> accepted = new LinkedHashSet<>();
    for (Transition transition : transitions) {
      Entry entry = jobs.live(transition.jobId());
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
      jobs.end(entry, finish.state(), finish.result(), now);
    } else if (transition instanceof Transition.Back back) {
      jobs.await(entry, dueAfter(back, entry, now), back.refund());
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
    return jobs.executing()
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
    for (Entry entry : jobs.live()) {
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
    for (Entry entry : List.copyOf(jobs.live())) {
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
      jobs.end(entry, JobState.DISCARDED, null, now);
    } else {
      jobs.await(entry, entry.runAt, true);
    }
  }

  @Override
  public synchronized Set<Long> cancel(Collection<Long> ids) {
    Instant now = clock.instant();
    Set<Long> cancelled = new LinkedHashSet<>();
    for (Long id : ids) {
      Entry entry = jobs.live(id);
      if (entry != null) {
        entry.cancelRequested = true;
        if (!entry.executing) {
          jobs.end(entry, JobState.CANCELLED, null, now);
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
      Entry entry = jobs.live(id);
      Entry end = jobs.ended(id);
      if (end != null && jobs.uniques.retake(end, now)) {
        jobs.reopen(end);
        entry = end;
        reopened.add(entry);
      } else if (entry != null && entry.suspended) {
        jobs.ties.waive(entry);
      } else if (entry != null && !entry.executing) {
        jobs.takeOut(entry);
      } else {
        continue;
      }
      entry.cancelRequested = false;
      entry.attempt = Math.min(entry.attempt, entry.spec.maxAttempts() - 1);
      jobs.await(entry, now, false);
      retried.add(id);
    }
    reopened.forEach(jobs.ties::awaitNeeds);
    return retried;
  }

  @Override
  public synchronized Set<Long> delete(Collection<Long> ids) {
    Set<Long> deleted = new LinkedHashSet<>();
    for (Long id : ids) {
      Entry entry = jobs.find(id).orElse(null);
      if (entry != null && !entry.executing) {
        jobs.delete(entry);
        deleted.add(id);
      }
    }
    return deleted;
  }

  @Override
  public synchronized Set<Long> edit(Collection<Long> ids, JobEdit edit) {
    Set<Long> edited = new LinkedHashSet<>();
    for (Long id : ids) {
      Entry entry = jobs.find(id).orElse(null);
      if (entry != null && !entry.executing) {
        boolean inLine = jobs.takeOut(entry);
        entry.edit(edit);
        if (inLine) {
          jobs.lineUp(entry);
        }
        edited.add(id);
      }
    }
    return edited;
  }

  @Override
  public synchronized Optional<Job> find(long id) {
    return jobs.find(id).map(entry -> entry.toJob(clock.instant()));
  }

  @Override
  public synchronized List<Job> find(Collection<Long> ids) {
    Instant now = clock.instant();
    return new TreeSet<>(ids)
        .stream().flatMap(id -> jobs.find(id).stream()).map(entry -> entry.toJob(now)).toList();
  }

  @Override
  public synchronized Set<Long> live(Collection<Long> ids) {
    return ids.stream().filter(id -> jobs.live(id) != null).collect(Collectors.toSet());
  }

  @Override
  public synchronized Page<Job> list(JobFilter filter, Paging paging) {
    Instant now = clock.instant();
    return Listing.page(
        Stream.concat(jobs.live().stream(), jobs.ended().stream()).map(entry -> entry.toJob(now)),
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
    return jobs.find(id).map(entry -> List.copyOf(entry.errors.values())).orElse(List.of());
  }

  @Override
  public synchronized Map<JobState, Long> counts() {
    Instant now = clock.instant();
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, 0L);
    }
    jobs.live().forEach(entry -> counts.merge(entry.state(now), 1L, Long::sum));
    jobs.ended().forEach(entry -> counts.merge(entry.state(now), 1L, Long::sum));
    return counts;
  }

  Instant now() {
    return clock.instant();
  }

  /** The jobs that run; those of nodes that are gone run until they are rescued. */
  Stream<Entry> executing() {
    return jobs.executing();
  }

  /** The nodes that have joined. */
  Set<Long> nodes() {
    return nodes.keySet();
  }

  @Override
  public JobReports reports() {
    return reports;
  }
}
