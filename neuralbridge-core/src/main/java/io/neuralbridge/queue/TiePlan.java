package io.neuralbridge.queue;

import io.neuralbridge.job.ChainSlot;
import io.neuralbridge.job.FlowRef;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.Membership;
import io.neuralbridge.job.Need;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the ties of jobs come to that are inserted together, the same in every store: a store makes
 * one, adds what it knows of chains, and reads from it which jobs wait, and for what.
 */
public final class TiePlan {

  private final List<NewJob> jobs;
  private final List<Ties> ties;
  private final List<Map<Long, Need>> stored = new ArrayList<>();
  private final List<Map<Long, Need>> together = new ArrayList<>();
  private final Map<String, Integer> firstOfChain = new TreeMap<>();
  private final Map<String, Integer> lastOfChain = new HashMap<>();
  private final BitSet needed = new BitSet();

  private TiePlan(List<NewJob> jobs) {
    this.jobs = jobs;
    this.ties = jobs.stream().map(NewJob::ties).toList();
    for (int i = 0; i < ties.size(); i++) {
      stored.add(new LinkedHashMap<>());
      together.add(new LinkedHashMap<>());
      add(i);
    }
  }

  /**
   * The ties of an insertion.
   *
   * @throws IllegalArgumentException if a job needs one that does not stand before it
   */
  public static TiePlan of(List<NewJob> jobs) {
    return new TiePlan(jobs);
  }

  /** Whether any of the jobs is tied to anything. */
  public static boolean isNeeded(List<NewJob> jobs) {
    return jobs.stream().anyMatch(job -> !job.ties().equals(Ties.NONE));
  }

  private void add(int position) {
    ties.get(position).needs().forEach(need -> add(position, need));
    ChainSlot slot = ties.get(position).chain();
    if (slot != null) {
      Integer before = lastOfChain.put(slot.key(), position);
      if (before == null) {
        firstOfChain.put(slot.key(), position);
      } else {
        add(position, Need.position(before, slot.onFailure()).inChain());
      }
    }
  }

  // A job that is needed twice is needed once, and what was said first holds.
  private void add(int position, Need need) {
    if (!need.sameInsert()) {
      stored.get(position).merge(need.target(), need, TiePlan::both);
    } else if (need.target() < position) {
      requireNew((int) need.target());
      together.get(position).merge(need.target(), need, TiePlan::both);
      needed.set((int) need.target());
    } else {
      throw new IllegalArgumentException(
          "job %d needs job %d of the same insertion, which does not stand before it"
              .formatted(position, need.target()));
    }
  }

  private void requireNew(int position) {
    if (jobs.get(position).unique() != null) {
      throw new IllegalArgumentException(
          "job %d of the insertion is needed by another and unique: an existing one may take its place, so store it first and need it by its id"
              .formatted(position));
    }
  }

  private static Need both(Need first, Need second) {
    return second.chained() ? first.inChain() : first;
  }

  /** The chains whose last stored job must be looked up, in order. */
  public Collection<String> chains() {
    return firstOfChain.keySet();
  }

  /**
   * Lets the first new job of a chain wait for the last stored one, if it has to.
   *
   * @param state the last job's state; null if it is gone
   * @return false if that one was given up, perhaps while it waited: then call again with the one
   *     that it waited for
   */
  public boolean appendToChain(String key, long tail, @Nullable JobState state) {
    Integer position = firstOfChain.get(key);
    ChainSlot slot = position == null ? null : ties.get(position).chain();
    if (position != null && slot != null && Staging.waitsForTail(state, slot.onFailure())) {
      add(position, Need.job(tail, slot.onFailure()).inChain());
      return true;
    }
    return state == null || state == JobState.COMPLETED;
  }

  /** The position of each chain's new last job. */
  public Map<String, Integer> tails() {
    return lastOfChain;
  }

  /** The stored jobs that must be there. */
  public Set<Long> storedNeeds() {
    Set<Long> ids = new TreeSet<>();
    ties.stream()
        .flatMap(each -> each.needs().stream())
        .filter(need -> !need.sameInsert())
        .forEach(need -> ids.add(need.target()));
    return ids;
  }

  /** The flows that the jobs belong to. */
  public Set<FlowRef> flows() {
    Set<FlowRef> flows = new LinkedHashSet<>();
    for (int i = 0; i < ties.size(); i++) {
      Membership membership = membership(i);
      if (membership != null) {
        flows.add(membership.flow());
      }
    }
    return flows;
  }

  /**
   * The names of new jobs by flow.
   *
   * @throws IllegalArgumentException if two of one flow have the same
   */
  public Map<FlowRef, Set<String>> names() {
    Map<FlowRef, Set<String>> names = new LinkedHashMap<>();
    for (int i = 0; i < ties.size(); i++) {
      Membership membership = membership(i);
      String name = membership == null ? null : membership.name();
      if (membership != null && name != null && !namesOf(membership, names).add(name)) {
        throw new IllegalArgumentException(
            "two new jobs of one workflow are named '%s': rename one".formatted(name));
      }
    }
    return names;
  }

  private static Set<String> namesOf(Membership membership, Map<FlowRef, Set<String>> names) {
    return names.computeIfAbsent(membership.flow(), flow -> new TreeSet<>());
  }

  public @Nullable Membership membership(int position) {
    return ties.get(position).membership();
  }

  /** Whether another new job needs this one. */
  public boolean isNeeded(int position) {
    return needed.get(position);
  }

  /** Whether it must wait for others, and not only for its time. */
  public boolean isSuspended(int position) {
    Membership membership = membership(position);
    return !stored.get(position).isEmpty()
        || !together.get(position).isEmpty()
        || (membership != null && membership.callback() != null);
  }

  /** Whether somebody must look whether what it needs has ended already. */
  public boolean needsStored(int position) {
    return !stored.get(position).isEmpty();
  }

  /** What a job needs, by ids, once all have theirs. */
  public List<Need> needs(int position, List<Long> ids) {
    List<Need> all = new ArrayList<>(stored.get(position).values());
    together
        .get(position)
        .forEach(
            (before, need) ->
                all.add(
                    new Need(ids.get(before.intValue()), false, need.onFailure(), need.chained())));
    return all;
  }
}
