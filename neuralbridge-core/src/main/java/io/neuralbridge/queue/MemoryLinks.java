package io.neuralbridge.queue;

import io.neuralbridge.job.FailurePolicy;
import io.neuralbridge.job.FlowLink;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Need;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which job needs which, and how far that is. Guarded by its queue's lock. */
final class MemoryLinks {

  /** A job's need of another. */
  static final class Link {
    final long job;
    final long needs;
    final boolean chained;
    FailurePolicy onFailure;
    LinkState state = LinkState.OPEN;

    Link(long job, Need need) {
      this.job = job;
      this.needs = need.target();
      this.chained = need.chained();
      this.onFailure = need.onFailure();
    }
  }

  /** All needs of one job. */
  private static final class Needs {
    final Map<Long, Link> links = new TreeMap<>();
    int unfulfilled;
  }

  private static final Comparator<Link> OLDEST_FIRST =
      Comparator.comparing((Link link) -> link.job).thenComparing(link -> link.needs);

  private final Map<Long, Needs> byJob = new HashMap<>();
  private final Map<Long, Map<Long, Link>> byNeeded = new HashMap<>();

  void add(long job, Collection<Need> needs) {
    for (Need need : needs) {
      Link link = new Link(job, need);
      Needs all = byJob.computeIfAbsent(job, id -> new Needs());
      if (all.links.putIfAbsent(link.needs, link) == null) {
        all.unfulfilled++;
        byNeeded.computeIfAbsent(link.needs, id -> new TreeMap<>()).put(job, link);
      }
    }
  }

  boolean hasNeeds(long job) {
    return byJob.containsKey(job);
  }

  boolean isNeeded(long job) {
    return byNeeded.containsKey(job);
  }

  boolean isFulfilled(long job) {
    Needs needs = byJob.get(job);
    return needs == null || needs.unfulfilled == 0;
  }

  Collection<Link> needs(long job) {
    Needs needs = byJob.get(job);
    return needs == null ? List.of() : List.copyOf(needs.links.values());
  }

  Collection<Link> dependents(long job) {
    return List.copyOf(byNeeded.getOrDefault(job, Map.of()).values());
  }

  NavigableSet<Link> oldestFirst() {
    return new TreeSet<>(OLDEST_FIRST);
  }

  List<FlowLink> of(Collection<Long> jobs) {
    List<FlowLink> all = new ArrayList<>();
    for (long job : jobs) {
      needs(job).forEach(link -> all.add(new FlowLink(job, link.needs, link.onFailure)));
    }
    return all;
  }

  /** Whether the state is another one than before. */
  boolean set(Link link, LinkState state) {
    Needs needs = byJob.get(link.job);
    if (link.state == state || needs == null) {
      return false;
    }
    needs.unfulfilled += link.state == LinkState.FULFILLED ? 1 : 0;
    needs.unfulfilled -= state == LinkState.FULFILLED ? 1 : 0;
    link.state = state;
    return true;
  }

  static LinkState target(Link link, @Nullable Entry live, @Nullable Entry ended) {
    if (live != null) {
      return LinkState.OPEN;
    }
    JobState state = ended == null ? null : ended.finalState();
    return LinkState.after(state, link.onFailure);
  }

  /** Forgets what a job needs that is gone. */
  void forgetNeeds(long job) {
    Needs needs = byJob.remove(job);
    if (needs != null) {
      needs.links.keySet().forEach(needed -> forget(needed, job));
    }
  }

  /** Forgets that a job, which is gone, was needed by one that minds no more. */
  void forgetDependent(Link link) {
    Needs needs = byJob.get(link.job);
    if (needs != null && needs.links.remove(link.needs) != null) {
      needs.unfulfilled -= link.state == LinkState.FULFILLED ? 0 : 1;
      if (needs.links.isEmpty()) {
        byJob.remove(link.job);
      }
    }
    forget(link.needs, link.job);
  }

  private void forget(long needed, long job) {
    Map<Long, Link> dependents = byNeeded.get(needed);
    if (dependents != null) {
      dependents.remove(job);
      if (dependents.isEmpty()) {
        byNeeded.remove(needed);
      }
    }
  }
}
