package io.neuralbridge;

import io.neuralbridge.event.JobEvent;
import io.neuralbridge.queue.JobReport;
import io.neuralbridge.queue.Lease;
import io.neuralbridge.queue.Queue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what runs tell to the store: about once a second what is new of all of them, and the rest
 * of a run just before its outcome is written, while its lease still holds.
 */
final class Reporter {

  private static final Logger log = LoggerFactory.getLogger(Reporter.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int BATCH = 500;

  private record Key(long jobId, long token) {
    static Key of(Lease lease) {
      return new Key(lease.job().id(), lease.token());
    }
  }

  private final Queue queue;
  private final Events events;
  private final Map<Key, RunReport> reports = new ConcurrentHashMap<>();
  private final AtomicInteger lines = new AtomicInteger();
  private final AtomicBoolean refused = new AtomicBoolean();

  Reporter(Queue queue, Events events) {
    this.queue = queue;
    this.events = events;
  }

  /** Where the run may tell; empty when it is over. */
  Optional<RunReport> of(Run run) {
    // Asked inside, and settled before it is taken away: what comes later makes no new report.
    return Optional.ofNullable(
        reports.computeIfAbsent(
            Key.of(run.lease()),
            key -> run.isSettled() ? null : new RunReport(run.lease(), lines)));
  }

  Duration round() {
    List<RunReport> all = List.copyOf(reports.values());
    for (int from = 0; from < all.size(); from += BATCH) {
      write(all.subList(from, Math.min(from + BATCH, all.size())));
    }
    return INTERVAL;
  }

  /**
   * Writes what the runs of these leases told last. A store that does not take it loses that only.
   */
  void writeLast(Collection<Lease> leases) {
    List<RunReport> last = reportsOf(leases);
    if (!last.isEmpty()) {
      try {
        write(last);
        refused.set(false);
      } catch (RuntimeException e) {
        warnOnce(last.size(), e);
      }
    }
  }

  // The outcomes that come next are tried again and again while the store is away.
  private void warnOnce(int jobs, RuntimeException e) {
    if (refused.compareAndSet(false, true)) {
      log.warn("Progress and logs of {} jobs could not be stored: {}", jobs, e.toString());
    }
  }

  private List<RunReport> reportsOf(Collection<Lease> leases) {
    return reports.isEmpty()
        ? List.of()
        : leases.stream()
            .map(lease -> reports.get(Key.of(lease)))
            .filter(Objects::nonNull)
            .toList();
  }

  /** Forgets runs whose outcomes are written. */
  void forget(Collection<Lease> leases) {
    if (!reports.isEmpty()) {
      for (Lease lease : leases) {
        Optional.ofNullable(reports.remove(Key.of(lease))).ifPresent(RunReport::discard);
      }
    }
  }

  // One at a time: a run's lines go in the order in which they came, and none after its outcome.
  private synchronized void write(List<RunReport> all) {
    Map<RunReport, JobReport> unwritten = new LinkedHashMap<>();
    Set<Long> ids = new HashSet<>();
    for (RunReport report : all) {
      JobReport news = report.unwritten();
      // A stale run of the same job waits for the next round, and will be refused there.
      if (news != null && ids.add(news.jobId())) {
        unwritten.put(report, news);
      }
    }
    if (!unwritten.isEmpty()) {
      Set<Long> accepted = queue.reports().save(new ArrayList<>(unwritten.values()));
      unwritten.forEach(RunReport::written);
      unwritten.forEach((report, news) -> publish(report, news, accepted));
    }
  }

  private void publish(RunReport report, JobReport news, Set<Long> accepted) {
    if (news.progress() != null && accepted.contains(news.jobId())) {
      events.publish(new JobEvent.Progressed(report.job(), news.progress()));
    }
  }
}
