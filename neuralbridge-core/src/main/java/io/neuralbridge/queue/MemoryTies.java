package io.neuralbridge.queue;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowException;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.NewJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ties jobs in memory to each other, and their stager. Guarded by its queue's lock. */
final class MemoryTies {

  private final MemoryJobs jobs;
  private final MemoryLinks links = new MemoryLinks();
  private final MemoryFlows flows;
  private final Map<String, Long> tails = new HashMap<>();
  private final Set<Long> news = new LinkedHashSet<>();
  private final NavigableSet<MemoryLinks.Link> toFollow = links.oldestFirst();

  MemoryTies(MemoryJobs jobs) {
    this.jobs = jobs;
    this.flows = new MemoryFlows(jobs, links);
  }

  MemoryFlows flows() {
    return flows;
  }

  /**
   * What the ties of new jobs come to; changes nothing.
   *
   * @throws FlowException if they cannot be tied so
   */
  TiePlan plan(List<NewJob> newJobs) {
    TiePlan plan = TiePlan.of(newJobs);
    List<Long> missing = plan.storedNeeds().stream().filter(id -> !exists(id)).toList();
    if (!missing.isEmpty()) {
      throw FlowException.jobsNotFound(missing);
    }
    flows.check(plan);
    for (String key : plan.chains()) {
      Long tail = tails.get(key);
      while (tail != null && !plan.appendToChain(key, tail, state(tail))) {
        tail = before(tail);
      }
    }
    return plan;
  }

  /** The job that one of a chain would still have to wait for, or null. */
  private @Nullable Long before(long job) {
    return links.needs(job).stream()
        .filter(link -> link.chained && link.state != LinkState.FULFILLED)
        .map(link -> link.needs)
        .filter(id -> exists(id) && state(id) != JobState.COMPLETED)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  private boolean exists(long id) {
    return jobs.live(id) != null || jobs.ended(id) != null;
  }

  /** The job's state as far as a chain cares; null if it is gone. */
  private @Nullable JobState state(long id) {
    Entry entry = jobs.ended(id);
    if (entry != null) {
      return entry.finalState();
    }
    return jobs.live(id) == null ? null : JobState.AVAILABLE;
  }

  /** Notes what {@code plan} says of jobs that are stored now. */
  void tie(TiePlan plan, List<Entry> entries, Instant now) {
    List<Long> ids = entries.stream().map(entry -> entry.id).toList();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      entry.needed |= plan.isNeeded(i);
      List<Need> needs = plan.needs(i, ids);
      links.add(entry.id, needs);
      needs.forEach(need -> markNeeded(need.target()));
      if (plan.needsStored(i)) {
        news.add(entry.id);
      }
    }
    plan.tails().forEach((key, position) -> tails.put(key, ids.get(position)));
    flows.tie(plan, entries, now);
  }

  private void markNeeded(long id) {
    Entry entry = jobs.live(id);
    if (entry != null) {
      entry.needed = true;
    }
  }

  void ended(Entry entry) {
    if (entry.needed) {
      news.add(entry.id);
    }
    flows.ended(entry);
  }

  /** A final job is live again: it waits for what it needs, and others wait for it. */
  void reopened(Entry entry, @Nullable JobState before) {
    entry.needed = links.isNeeded(entry.id);
    links.dependents(entry.id).forEach(link -> links.set(link, LinkState.OPEN));
    entry.suspended = links.hasNeeds(entry.id) || flows.isCallback(entry);
    flows.reopened(entry, before);
  }

  /** After all that are retried together are live. */
  void awaitNeeds(Entry entry) {
    links.needs(entry.id).forEach(link -> links.set(link, target(link)));
    news.add(entry.id);
  }

  /** A suspended job no longer waits for what has failed. */
  void waive(Entry entry) {
    for (MemoryLinks.Link link : links.needs(entry.id)) {
      if (link.state == LinkState.FAILED) {
        link.onFailure = FailurePolicy.IGNORE;
        links.set(link, LinkState.FULFILLED);
      }
    }
    news.add(entry.id);
  }

  /** Whether a final job must not be pruned. */
  boolean keeps(Entry entry) {
    return flows.keeps(entry)
        || links.dependents(entry.id).stream().anyMatch(link -> jobs.live(link.job) != null);
  }

  /** A job is gone. */
  void forget(Entry entry) {
    handOn(entry.id);
    links.forgetNeeds(entry.id);
    for (MemoryLinks.Link link : links.dependents(entry.id)) {
      if (jobs.live(link.job) == null) {
        links.forgetDependent(link);
      } else if (entry.finalState() == JobState.COMPLETED) {
        links.forgetDependent(link);
        toFollow.remove(link);
        news.add(link.job);
      }
    }
    if (links.isNeeded(entry.id)) {
      news.add(entry.id);
    }
    tails.values().remove(entry.id);
    flows.forget(entry);
  }

  // Who follows it in a chain waits for what it waited for.
  private void handOn(long gone) {
    Long before = before(gone);
    if (before != null) {
      for (MemoryLinks.Link link : links.dependents(gone)) {
        if (link.chained) {
          followInstead(link, before);
        }
      }
      tails.replaceAll((key, tail) -> tail == gone ? before : tail);
    }
  }

  private void followInstead(MemoryLinks.Link link, long before) {
    links.add(link.job, List.of(Need.job(before, link.onFailure).inChain()));
    markNeeded(before);
    news.add(link.job);
  }

  Staged stage(int limit, Instant now) {
    List<Entry> look = takeNews(limit);
    int moved = 0;
    for (Iterator<MemoryLinks.Link> left = toFollow.iterator(); left.hasNext() && limit-- > 0; ) {
      MemoryLinks.Link link = left.next();
      left.remove();
      moved += follow(link, now) ? 1 : 0;
    }
    for (Entry entry : look) {
      moved += free(entry) ? 1 : 0;
    }
    moved += flows.stage(now);
    return new Staged(moved, !toFollow.isEmpty() || !news.isEmpty() || flows.hasNews());
  }

  private List<Entry> takeNews(int limit) {
    List<Entry> look = new ArrayList<>();
    for (Iterator<Long> left = news.iterator(); left.hasNext() && limit-- > 0; ) {
      long id = left.next();
      left.remove();
      Entry entry = jobs.live(id);
      if (entry == null) {
        toFollow.addAll(links.dependents(id));
      } else if (entry.suspended) {
        toFollow.addAll(links.needs(id));
        look.add(entry);
      }
    }
    return look;
  }

  private boolean follow(MemoryLinks.Link link, Instant now) {
    Entry entry = jobs.live(link.job);
    LinkState target = target(link);
    if (entry == null || !entry.suspended || target == LinkState.OPEN || !links.set(link, target)) {
      return false;
    }
    if (target == LinkState.FAILED && link.onFailure == FailurePolicy.CANCEL) {
      JobState fate = state(link.needs);
      jobs.giveUp(entry, Staging.dependencyFailed(entry.attempt, link.needs, fate, now));
      return true;
    }
    if (target == LinkState.FULFILLED && link.chained) {
      takeOver(link);
    }
    return free(entry);
  }

  // A job of a chain that was given up while it waited hands on what it waited for.
  private void takeOver(MemoryLinks.Link link) {
    for (MemoryLinks.Link before : links.needs(link.needs)) {
      if (before.chained && before.state != LinkState.FULFILLED) {
        followInstead(link, before.needs);
      }
    }
  }

  private boolean free(Entry entry) {
    boolean free =
        entry.suspended
            && jobs.live(entry.id) != null
            && !flows.isCallback(entry)
            && links.isFulfilled(entry.id);
    if (free) {
      jobs.free(entry);
    }
    return free;
  }

  private LinkState target(MemoryLinks.Link link) {
    return MemoryLinks.target(link, jobs.live(link.needs), jobs.ended(link.needs));
  }
}
