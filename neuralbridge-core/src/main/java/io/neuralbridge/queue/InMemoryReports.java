package io.neuralbridge.queue;

import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobProgress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The reports of an {@link InMemoryQueue}, kept with its entries and under its lock. */
final class InMemoryReports implements JobReports {

  private final InMemoryQueue queue;

  InMemoryReports(InMemoryQueue queue) {
    this.queue = queue;
  }

  @Override
  public Set<Long> save(List<JobReport> reports) {
    Set<Long> accepted = new LinkedHashSet<>();
    synchronized (queue) {
      for (JobReport report : reports) {
        queue
            .entry(report.jobId())
            .filter(entry -> entry.executing && entry.token == report.token())
            .ifPresent(
                entry -> {
                  entry.add(report);
                  accepted.add(entry.id);
                });
      }
    }
    return accepted;
  }

  @Override
  public Optional<JobProgress> progress(long jobId) {
    synchronized (queue) {
      return queue.entry(jobId).flatMap(entry -> Optional.ofNullable(entry.progress));
    }
  }

  @Override
  public JobLog log(long jobId) {
    synchronized (queue) {
      return queue.entry(jobId).map(entry -> entry.log).orElse(JobLog.EMPTY);
    }
  }
}
