package io.neuralbridge.schedule;

import io.neuralbridge.job.Job;
import io.neuralbridge.queue.InMemoryQueue;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Scheduler} in this process's memory, beside an {@link InMemoryQueue}. For tests, and for
 * applications whose entries are all declared by their code.
 *
 * <p>Safe for use by many threads.
 */
public final class InMemoryScheduler implements Scheduler {

  private static final Logger log = LoggerFactory.getLogger(InMemoryScheduler.class);
  private static final Duration REMEMBERED = Duration.ofDays(1);
  private static final Comparator<ScheduleEntry> BY_NEXT_TIME =
      Comparator.comparing((ScheduleEntry entry) -> Objects.requireNonNull(entry.nextAt()))
          .thenComparing(ScheduleEntry::name);

  private final Queue queue;
  private final InstantSource clock;
  private final Map<String, ScheduleEntry> entries = new TreeMap<>();
  private final Map<String, NavigableSet<Instant>> fired = new HashMap<>();

  /** A scheduler whose jobs go into {@code queue}. */
  public InMemoryScheduler(InMemoryQueue queue) {
    this(queue, InstantSource.system());
  }

  /**
   * A scheduler whose jobs go into {@code queue}.
   *
   * @param clock the time, the same as the queue's
   */
  public InMemoryScheduler(InMemoryQueue queue, InstantSource clock) {
    this.queue = queue;
    this.clock = clock;
  }

  @Override
  public synchronized Declaration declare(Collection<Recurring> declared) {
    Declaration declaration = Declaration.of(declared, entries.values(), clock.instant());
    Stream.of(declaration.created(), declaration.changed())
        .flatMap(List::stream)
        .forEach(entry -> entries.put(entry.name(), entry));
    return declaration;
  }

  @Override
  public synchronized Optional<ScheduleEntry> create(Recurring recurring) {
    return entries.containsKey(recurring.name()) ? Optional.empty() : Optional.of(put(recurring));
  }

  @Override
  public synchronized ScheduleEntry put(Recurring recurring) {
    Instant now = clock.instant();
    ScheduleEntry old = entries.get(recurring.name());
    ScheduleEntry entry =
        old == null ? ScheduleEntry.created(recurring, now) : old.redefined(recurring, now);
    entries.put(entry.name(), entry);
    return entry;
  }

  @Override
  public synchronized Optional<ScheduleEntry> update(String name, UnaryOperator<Recurring> change) {
    return change(name, entry -> entry.edited(change, clock.instant()));
  }

  @Override
  public synchronized boolean pause(String name) {
    return change(name, ScheduleEntry::pausedNow).isPresent();
  }

  @Override
  public synchronized boolean resume(String name) {
    return change(name, entry -> entry.resumed(clock.instant())).isPresent();
  }

  private Optional<ScheduleEntry> change(String name, UnaryOperator<ScheduleEntry> change) {
    return Optional.ofNullable(entries.computeIfPresent(name, (key, old) -> change.apply(old)));
  }

  @Override
  public synchronized boolean delete(String name) {
    fired.remove(name);
    return entries.remove(name) != null;
  }

  @Override
  public synchronized Optional<Job> runNow(String name) {
    ScheduleEntry entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    Job job = insert(entry, clock.instant());
    entries.put(name, entry.withManualJob(job.id()));
    return Optional.of(job);
  }

  @Override
  public synchronized Optional<ScheduleEntry> find(String name) {
    return Optional.ofNullable(entries.get(name));
  }

  @Override
  public synchronized List<ScheduleEntry> list() {
    return List.copyOf(entries.values());
  }

  @Override
  public synchronized List<Job> fire(int limit) {
    Instant now = clock.instant();
    List<ScheduleEntry> due =
        entries.values().stream()
            .filter(entry -> entry.nextAt() != null && !entry.nextAt().isAfter(now))
            .sorted(BY_NEXT_TIME)
            .limit(limit)
            .toList();
    return due.stream().flatMap(entry -> fire(entry, now).stream()).toList();
  }

  private List<Job> fire(ScheduleEntry entry, Instant now) {
    Due all = Due.of(entry, now);
    boolean overlaps = entry.recurring().overlap() == OverlapPolicy.SKIP && hasLiveJob(entry);
    Due due = overlaps ? all.withheld() : all;
    if (due.remark() != null) {
      log.info("Entry '{}' {}", entry.name(), due.remark());
    }
    NavigableSet<Instant> past = fired.computeIfAbsent(entry.name(), name -> new TreeSet<>());
    past.headSet(now.minus(REMEMBERED)).clear();
    ScheduleEntry next = entry.withNextAt(due.nextAt());
    List<Job> jobs = new ArrayList<>();
    for (Instant planned : due.planned()) {
      if (past.add(planned)) {
        Job job = insert(entry, planned);
        if (!job.existing()) {
          jobs.add(job);
          next = next.withLastJob(planned, job.id());
        }
      }
    }
    entries.put(entry.name(), next);
    return jobs;
  }

  private Job insert(ScheduleEntry entry, Instant planned) {
    return queue.insert(List.of(entry.recurring().jobAt(planned))).get(0);
  }

  private boolean hasLiveJob(ScheduleEntry entry) {
    return Stream.of(
            Optional.ofNullable(entry.lastJobId()), Optional.ofNullable(entry.manualJobId()))
        .flatMap(Optional::stream)
        .flatMap(id -> queue.find(id).stream())
        .anyMatch(job -> !job.state().isFinal());
  }

  @Override
  public synchronized Optional<Duration> untilNextFire() {
    Instant now = clock.instant();
    return entries.values().stream()
        .filter(entry -> entry.nextAt() != null)
        .min(BY_NEXT_TIME)
        .map(entry -> Duration.between(now, entry.nextAt()))
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }
}
