package io.neuralbridge.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The due jobs of one priority in the order of fair turns: keys go round, the one that runs least
 * first, and within a key whoever was due first.
 *
 * <p>Nothing is kept about keys but the one that was served last. Where the due jobs are few, they
 * are all read. Where they are many, they may be one key's: then the keys are looked at by name,
 * from the last one on, until there are enough of them that run nothing. That search is bounded, so
 * that a hundred thousand keys whose jobs are due tomorrow cost a claim nothing to speak of; the
 * next claim goes on where it ended.
 */
final class PriorityLine {

  /** How many keys one claim looks at; a round over more of them takes several claims. */
  static final int MOST_KEYS = 500;

  private static final int SPARE = 50;
  private static final int MOST_ROUNDS = 4;

  private final int priority;
  private final DueJobs due;
  private final Standing standing;
  private final int wanted;
  private final @Nullable String last;
  private final Map<String, List<Candidate>> known = new HashMap<>();
  private final Set<String> complete = new HashSet<>();
  private @Nullable String searchedTo;

  PriorityLine(int priority, DueJobs due, Standing standing, int wanted) {
    this.priority = priority;
    this.due = due;
    this.standing = standing;
    this.wanted = wanted;
    this.last = standing.lastKeys().get(priority);
  }

  /** Where the next search must begin because this one ended before it had seen all keys. */
  @Nullable String searchedTo() {
    return searchedTo;
  }

  /** At most as many jobs as are wanted, in their order. */
  List<Candidate> jobs(boolean withoutKey, boolean withKey) {
    if (!withKey) {
      return due.withoutKey(priority, wanted);
    }
    SortedSet<String> keys = new TreeSet<>(this::compareTurns);
    if (withoutKey) {
      keys.add(Candidate.NO_KEY);
    }
    keys.addAll(keysWithDueJobs());
    keys.removeIf(key -> standing.free(key) <= 0);
    return inTurns(dealt(keys));
  }

  private Set<String> keysWithDueJobs() {
    int most = 2 * wanted + SPARE;
    List<Candidate> first = due.withKey(priority, most);
    Set<String> keys = new HashSet<>();
    first.forEach(job -> keys.add(job.key()));
    if (first.size() < most) {
      know(first);
      complete.addAll(keys);
    } else {
      search(keys);
    }
    return keys;
  }

  private void search(Set<String> keys) {
    String from = last == null ? Candidate.NO_KEY : last;
    String at = from;
    boolean wrapped = false;
    int looks = 0;
    int idle = 0;
    while (idle < wanted && looks < MOST_KEYS) {
      int step = Math.min(MOST_KEYS - looks, wanted + standing.running().size());
      DueJobs.Keys some = due.keysAfter(priority, at, step);
      looks += step;
      for (String key : some.due()) {
        keys.add(key);
        idle += standing.runningOf(key) == 0 ? 1 : 0;
      }
      if (some.last() != null) {
        at = some.last();
      } else if (wrapped || from.isEmpty()) {
        return;
      } else {
        wrapped = true;
        at = Candidate.NO_KEY;
      }
      if (wrapped && at.compareTo(from) >= 0) {
        return;
      }
    }
    if (idle < wanted) {
      searchedTo = at;
    }
  }

  // A key's depth is not known before it is asked for; those that turn out to be shallow leave
  // their slots to others, who are then asked for more.
  private List<String> dealt(SortedSet<String> keys) {
    for (int round = 0; ; round++) {
      boolean settled = round == MOST_ROUNDS;
      List<String> slots =
          Deal.slots(
              wanted,
              keys,
              standing::runningOf,
              key -> Math.min(standing.free(key), depth(key, settled)));
      Map<String, Integer> missing = missing(slots);
      if (missing.isEmpty()) {
        return slots;
      }
      read(missing);
    }
  }

  private int depth(String key, boolean settled) {
    return settled || complete.contains(key) ? knownOf(key).size() : Integer.MAX_VALUE;
  }

  private List<Candidate> knownOf(String key) {
    return known.getOrDefault(key, List.of());
  }

  private Map<String, Integer> missing(List<String> slots) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    slots.forEach(key -> counts.merge(key, 1, Integer::sum));
    counts.entrySet().removeIf(count -> count.getValue() <= knownOf(count.getKey()).size());
    return counts;
  }

  private void read(Map<String, Integer> wantedOf) {
    Map<String, Integer> keyed = new LinkedHashMap<>(wantedOf);
    Integer unkeyed = keyed.remove(Candidate.NO_KEY);
    known.keySet().removeAll(wantedOf.keySet());
    if (unkeyed != null) {
      know(due.withoutKey(priority, unkeyed));
    }
    if (!keyed.isEmpty()) {
      know(due.ofKeys(priority, keyed));
    }
    wantedOf.forEach(
        (key, count) -> {
          if (knownOf(key).size() < count) {
            complete.add(key);
          }
        });
  }

  private void know(List<Candidate> jobs) {
    jobs.forEach(job -> known.computeIfAbsent(job.key(), key -> new ArrayList<>()).add(job));
  }

  private List<Candidate> inTurns(List<String> slots) {
    Map<String, Iterator<Candidate>> next = new HashMap<>();
    return slots.stream()
        .map(key -> next.computeIfAbsent(key, k -> knownOf(k).iterator()).next())
        .toList();
  }

  private int compareTurns(String one, String other) {
    return Comparator.comparing(this::isPast).thenComparing(key -> key).compare(one, other);
  }

  private boolean isPast(String key) {
    return last != null && key.compareTo(last) <= 0;
  }
}
