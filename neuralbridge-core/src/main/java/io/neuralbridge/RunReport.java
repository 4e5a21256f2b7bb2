package io.neuralbridge;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobLogLine;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.queue.JobReport;
import io.neuralbridge.queue.Lease;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one run has told and the store does not know yet. Lines are numbered by the run, so that
 * those that had to make room are counted. Safe for use by many threads.
 */
final class RunReport {

  /** Lines that all runs together may keep in memory: beyond, each keeps its last one. */
  static final int MOST_LINES = 20_000;

  private final Lease lease;
  private final AtomicInteger linesOfAll;
  private final Deque<JobLogLine> lines = new ArrayDeque<>();
  private long first;
  private long written;
  private @Nullable JobProgress progress;

  RunReport(Lease lease, AtomicInteger linesOfAll) {
    this.lease = lease;
    this.linesOfAll = linesOfAll;
  }

  Job job() {
    return lease.job();
  }

  synchronized void progress(JobProgress progress) {
    this.progress = progress;
  }

  synchronized void log(JobLogLine line) {
    while (lines.size() >= JobLog.MAX_LINES
        || (!lines.isEmpty() && linesOfAll.get() >= MOST_LINES)) {
      removeFirst();
    }
    lines.addLast(line);
    linesOfAll.incrementAndGet();
  }

  /** What is to be stored; null if nothing is. */
  synchronized @Nullable JobReport unwritten() {
    if (progress == null && lines.isEmpty()) {
      return null;
    }
    JobLog log = new JobLog(first - written, List.copyOf(lines));
    return new JobReport(lease.job().id(), lease.token(), progress, log);
  }

  /** Forgets what is stored, of which more may have come since. */
  synchronized void written(JobReport report) {
    written += report.log().dropped() + report.log().lines().size();
    while (first < written) {
      removeFirst();
    }
    if (Objects.equals(progress, report.progress())) {
      progress = null;
    }
  }

  private void removeFirst() {
    lines.removeFirst();
    first++;
    linesOfAll.decrementAndGet();
  }

  /** Gives up what is not stored. */
  synchronized void discard() {
    linesOfAll.addAndGet(-lines.size());
    first += lines.size();
    written = first;
    lines.clear();
    progress = null;
  }
}
