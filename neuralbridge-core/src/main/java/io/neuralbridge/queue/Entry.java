package io.neuralbridge.queue;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobEdit;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobLog;
import io.neuralbridge.job.JobProgress;
import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.UniqueKey;
import java.time.Instant;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A job's row in memory. Guarded by its queue's lock. */
final class Entry {

  final long id;
  final Instant createdAt;
  final SortedMap<Integer, JobError> errors = new TreeMap<>();
  JobSpec spec;
  @Nullable UniqueKey unique;
  @Nullable JobProgress progress;
  JobLog log = JobLog.EMPTY;
  Instant runAt;
  boolean executing;
  boolean suspended;
  boolean needed;
  @Nullable Long flowId;
  boolean cancelRequested;
  int attempt;
  int crashes;
  long node;
  long token;
  private @Nullable JobState finalState;
  private @Nullable Instant finishedAt;
  private @Nullable String result;

  Entry(long id, JobSpec spec, Instant createdAt, Instant runAt) {
    this.id = id;
    this.spec = spec;
    this.createdAt = createdAt;
    this.runAt = runAt;
  }

  void addError(@Nullable JobError error) {
    if (error != null) {
      errors.put(error.attempt(), error);
    }
  }

  void add(JobReport report) {
    progress = report.progress() == null ? progress : report.progress();
    log = log.plus(report.log());
  }

  void end(JobState state, @Nullable String result, Instant now) {
    this.executing = false;
    this.suspended = false;
    this.finalState = state;
    this.finishedAt = now;
    this.result = result;
  }

  void reopen() {
    finalState = null;
    finishedAt = null;
    result = null;
    cancelRequested = false;
    crashes = 0;
  }

  String key() {
    String key = spec.share().key();
    return key == null ? Candidate.NO_KEY : key;
  }

  Candidate toCandidate() {
    return new Candidate(id, key(), spec.share().weight(), runAt);
  }

  @Nullable JobState finalState() {
    return finalState;
  }

  void edit(JobEdit edit) {
    spec = edit.apply(spec);
    Instant dueAt = edit.runAt();
    runAt = dueAt == null ? runAt : dueAt;
  }

  JobState state(Instant now) {
    if (finalState != null) {
      return finalState;
    }
    if (executing) {
      return JobState.EXECUTING;
    }
    if (suspended) {
      return JobState.SUSPENDED;
    }
    if (!runAt.isAfter(now)) {
      return JobState.AVAILABLE;
    }
    return attempt > 0 ? JobState.RETRYABLE : JobState.SCHEDULED;
  }

  Job toJob(Instant now) {
    return new Job(
        id,
        spec,
        state(now),
        attempt,
        crashes,
        createdAt,
        runAt,
        finishedAt,
        result,
        false,
        flowId,
        needed);
  }

  /** Of an entry that has ended. */
  EndedJob toEndedJob() {
    return new EndedJob(
        id,
        Objects.requireNonNull(finishedAt),
        Objects.requireNonNull(finalState),
        spec.queue(),
        spec.kind());
  }
}
