package io.neuralbridge.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which due jobs of a queue begin next, the same in every store: by priority, in fair turns
 * within a priority, and never beyond the queue's limits. It reads and decides; the store that has
 * locked the queue leases what was chosen and keeps what is to be remembered.
 */
public final class TurnTaking {

  /** One priority on its way into the choice, read when its turn comes. */
  private record Lane(int priority, Band band, @Nullable Deque<Candidate> jobs)
      implements Comparable<Lane> {
    @Override
    public int compareTo(Lane other) {
      return band.compareTo(other.band);
    }
  }

  private final DueJobs due;
  private final Standing standing;
  private final Map<Integer, Set<Boolean>> keyedByPriority = new TreeMap<>();
  private final PriorityQueue<Lane> lanes = new PriorityQueue<>();
  private final Map<String, Integer> chosenByKey = new HashMap<>();
  private final List<Candidate> chosen = new ArrayList<>();
  private final Map<Integer, String> lastKeys;
  private final Map<Integer, String> searchedTo = new HashMap<>();
  private long weight;
  private @Nullable Duration untilPermit;

  private TurnTaking(DueJobs due, Standing standing, List<Head> heads) {
    this.due = due;
    this.standing = standing;
    this.lastKeys = new HashMap<>(standing.lastKeys());
    for (Head head : heads) {
      if (!head.runAt().isAfter(standing.now())) {
        keyedByPriority
            .computeIfAbsent(head.priority(), priority -> new HashSet<>())
            .add(head.keyed());
        lanes.add(new Lane(head.priority(), bandOf(head.priority(), head.runAt()), null));
      }
    }
  }

  /**
   * Chooses at most {@code limit} jobs.
   *
   * @param heads the first waiting jobs of each priority, with and without key
   */
  public static Choice choose(DueJobs due, Standing standing, List<Head> heads, int limit) {
    TurnTaking taking = new TurnTaking(due, standing, heads);
    taking.fill(Math.min(limit, standing.free()));
    taking.lastKeys.putAll(taking.searchedTo);
    return new Choice(List.copyOf(taking.chosen), Map.copyOf(taking.lastKeys), taking.untilPermit);
  }

  private void fill(int slots) {
    while (chosen.size() < slots && !lanes.isEmpty() && untilPermit == null) {
      Lane lane = lanes.remove();
      if (lane.jobs() != null) {
        take(lane.priority(), lane.jobs().remove());
        queueUp(lane.priority(), lane.jobs());
      } else if (keyedByPriority.containsKey(lane.priority())) {
        Set<Boolean> keyed = keyedByPriority.remove(lane.priority());
        queueUp(lane.priority(), read(lane.priority(), keyed, slots - chosen.size()));
      }
    }
  }

  private Deque<Candidate> read(int priority, Set<Boolean> keyed, int wanted) {
    PriorityLine line = new PriorityLine(priority, due, standing, wanted);
    Deque<Candidate> jobs =
        new ArrayDeque<>(line.jobs(keyed.contains(false), keyed.contains(true)));
    if (line.searchedTo() != null) {
      searchedTo.put(priority, line.searchedTo());
    }
    return jobs;
  }

  private void queueUp(int priority, Deque<Candidate> jobs) {
    if (!jobs.isEmpty()) {
      lanes.add(new Lane(priority, bandOf(priority, jobs.element().runAt()), jobs));
    }
  }

  private void take(int priority, Candidate job) {
    int ofKey = chosenByKey.getOrDefault(job.key(), 0);
    if (ofKey >= standing.free(job.key())) {
      return;
    }
    untilPermit = untilPermit(job);
    if (untilPermit == null) {
      chosen.add(job);
      chosenByKey.put(job.key(), ofKey + 1);
      lastKeys.put(priority, job.key());
      weight += job.weight();
    }
  }

  // Nobody overtakes a job that waits for permits, or a heavy one would wait for ever.
  private @Nullable Duration untilPermit(Candidate job) {
    RateLimit rate = standing.limits().rate();
    if (rate == null) {
      return null;
    }
    Duration mayBeEmpty =
        rate.timeFor(rate.burst()).minus(rate.timeFor(Math.min(job.weight(), rate.burst())));
    Duration empty = standing.bucketEmpty().plus(rate.timeFor(weight));
    return empty.compareTo(mayBeEmpty) <= 0 ? null : empty.minus(mayBeEmpty);
  }

  private Band bandOf(int priority, Instant runAt) {
    return Band.of(priority, runAt, standing.now(), standing.limits().ageing());
  }

  /**
   * What may begin.
   *
   * @param lastKeys to be remembered as {@link Standing#lastKeys}
   * @param untilPermit how long until the rate lets the next job begin; null if it is not the rate
   *     that ended the choice
   */
  public record Choice(
      List<Candidate> jobs, Map<Integer, String> lastKeys, @Nullable Duration untilPermit) {

    /** How long until a job may begin; empty if none may before another ends. */
    public Optional<Duration> untilNext() {
      return jobs.isEmpty() ? Optional.ofNullable(untilPermit) : Optional.of(Duration.ZERO);
    }
  }
}
