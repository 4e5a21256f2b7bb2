package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.UniqueKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A batch some of whose jobs have unique keys: of each key the first one is stored if nobody holds
 * the key, and every other finds the one that does.
 */
final class UniqueInserts {

  /** The jobs of one key, by their places in the batch. */
  private record Same(UniqueKey key, List<Integer> places) {

    int first() {
      return places.get(0);
    }
  }

  private final Session session;
  private final Dialect dialect;
  private final List<NewJob> jobs;
  private final List<Long> ids;
  private final Map<String, Same> byKey = new LinkedHashMap<>();

  /** What the batch made of each job, by its place. */
  private final Map<Integer, Job> results = new TreeMap<>();

  UniqueInserts(Session session, Dialect dialect, List<NewJob> jobs) {
    this.session = session;
    this.dialect = dialect;
    this.jobs = jobs;
    this.ids = dialect.drawIds(session, jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      UniqueKey key = jobs.get(i).unique();
      if (key != null) {
        byKey.computeIfAbsent(key.value(), k -> new Same(key, new ArrayList<>())).places.add(i);
      }
    }
  }

  List<Job> insert() {
    UniqueStatements.Held held = UniqueStatements.take(session, dialect, wishes());
    Map<Long, Job> changed = replace(held);
    held.jobs().forEach((key, job) -> found(same(key).places, changed.getOrDefault(job.id(), job)));
    store();
    return List.copyOf(results.values());
  }

  private Same same(String key) {
    return Objects.requireNonNull(byKey.get(key), key);
  }

  private List<KeyWish> wishes() {
    return byKey.values().stream()
        .map(same -> KeyWish.of(same.key, ids.get(same.first()), replacesSomething(same)))
        .toList();
  }

  private boolean replacesSomething(Same same) {
    return same.places.stream()
        .map(place -> jobs.get(place).unique())
        .anyMatch(key -> key != null && !key.replaced().isEmpty());
  }

  private void found(List<Integer> places, Job job) {
    places.forEach(place -> results.put(place, job.asExisting()));
  }

  // Only those that wait are locked, and stay as they were read until we are done.
  private Map<Long, Job> replace(UniqueStatements.Held held) {
    List<UniqueStatements.Replacement> replacements = new ArrayList<>();
    held.jobs()
        .forEach(
            (key, job) -> {
              NewJob old = new NewJob(job.spec(), Duration.ZERO, job.runAt());
              NewJob merged = merged(old, job.attempt(), same(key).places);
              if (held.waiting().contains(job.id()) && !merged.equals(old)) {
                replacements.add(new UniqueStatements.Replacement(job.id(), merged));
              }
            });
    return replacements.isEmpty()
        ? Map.of()
        : UniqueStatements.replace(session, dialect, replacements).stream()
            .collect(Collectors.toMap(Job::id, Function.identity()));
  }

  private NewJob merged(NewJob job, int attempt, List<Integer> later) {
    NewJob merged = job;
    for (int place : later) {
      merged = merged.replacedBy(jobs.get(place), attempt);
    }
    return merged;
  }

  /** Stores those without a key and the first of each key that nobody holds. */
  private void store() {
    List<Integer> places = new ArrayList<>();
    List<NewJob> wanted = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      List<Integer> same = placesOfSame(i);
      if (same.get(0) == i && !results.containsKey(i)) {
        places.add(i);
        wanted.add(merged(jobs.get(i), 0, same.subList(1, same.size())));
      }
    }
    if (!places.isEmpty()) {
      List<Long> theirs = places.stream().map(ids::get).toList();
      List<Job> stored = JobInserts.store(session, dialect, wanted, theirs);
      for (int i = 0; i < stored.size(); i++) {
        List<Integer> same = placesOfSame(places.get(i));
        results.put(same.get(0), stored.get(i));
        found(same.subList(1, same.size()), stored.get(i));
      }
    }
  }

  private List<Integer> placesOfSame(int place) {
    UniqueKey key = jobs.get(place).unique();
    return key == null ? List.of(place) : same(key.value()).places;
  }
}
