package io.neuralbridge.queue;

import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobProgress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The reports of an {@link InMemoryQueue}, kept with its entries and under its lock. */
final class InMemoryReports implements JobReports {

  private final Object lock;
  private final MemoryTable jobs;

  InMemoryReports(Object lock, MemoryTable jobs) {
    this.lock = lock;
    this.jobs = jobs;
  }

  @Override
  public Set<Long> save(List<JobReport> reports) {
    Set<Long> accepted = new LinkedHashSet<>();
    synchronized (lock) {
      for (JobReport report : reports) {
        jobs.find(report.jobId())
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
    synchronized (lock) {
      return jobs.find(jobId).flatMap(entry -> Optional.ofNullable(entry.progress));
    }
  }

  @Override
  public JobLog log(long jobId) {
    synchronized (lock) {
      return jobs.find(jobId).map(entry -> entry.log).orElse(JobLog.EMPTY);
    }
  }
}
