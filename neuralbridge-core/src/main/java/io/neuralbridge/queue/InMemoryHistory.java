package io.neuralbridge.queue;

import io.neuralbridge.job.ArchivedJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The final jobs of an {@link InMemoryQueue}, under its lock. */
final class InMemoryHistory implements History {

  private static final Comparator<EndedJob> BY_END =
      Comparator.comparing(EndedJob::finishedAt).thenComparing(EndedJob::id);

  private final Object lock;
  private final MemoryTable table;
  private final InstantSource clock;

  InMemoryHistory(Object lock, MemoryTable table, InstantSource clock) {
    this.lock = lock;
    this.table = table;
    this.clock = clock;
  }

  @Override
  public List<EndedJob> ended(Duration age, @Nullable EndedJob after, int limit) {
    synchronized (lock) {
      Instant before = clock.instant().minus(age);
      return table.ended().stream()
          .filter(entry -> !table.ties.keeps(entry))
          .map(Entry::toEndedJob)
          .filter(job -> job.finishedAt().isBefore(before))
          .filter(job -> after == null || BY_END.compare(job, after) > 0)
          .sorted(BY_END)
          .limit(limit)
          .toList();
    }
  }

  @Override
  public List<ArchivedJob> read(List<EndedJob> jobs) {
    synchronized (lock) {
      Instant now = clock.instant();
      return jobs.stream()
          .flatMap(job -> stillEnded(job).stream())
          .map(entry -> new ArchivedJob(entry.toJob(now), List.copyOf(entry.errors.values())))
          .toList();
    }
  }

  @Override
  public int delete(List<EndedJob> jobs) {
    synchronized (lock) {
      List<Entry> old =
          jobs.stream()
              .flatMap(job -> stillEnded(job).stream())
              .filter(entry -> !table.ties.keeps(entry))
              .toList();
      old.forEach(table::delete);
      return old.size();
    }
  }

  @Override
  public int deleteFlows(Duration age, int limit) {
    synchronized (lock) {
      return table.ties.flows().prune(clock.instant().minus(age), limit);
    }
  }

  private Optional<Entry> stillEnded(EndedJob job) {
    return Optional.ofNullable(table.ended(job.id()))
        .filter(entry -> entry.toEndedJob().finishedAt().equals(job.finishedAt()));
  }
}
