package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobError;
import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.JobType;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Share;
import io.neuralbridge.queue.Lease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows to values. */
final class JobRows {

  static final int WAITING = 0;
  static final int EXECUTING = 1;
  static final int SUSPENDED = 5;
  static final List<Integer> PRIORITIES =
      IntStream.rangeClosed(0, JobType.LOWEST_PRIORITY).boxed().toList();

  /** A job's columns, from {@code nb_job j} or {@code nb_job_history j}. */
  static final String JOB =
      """
      j.id, j.kind, j.queue, j.priority, j.max_attempts, j.tags, j.meta, j.state, j.attempt, \
      j.crashes, j.flow_id, j.needed, j.limit_key, j.weight, j.deadline, j.created_at, j.run_at, j.run_at <= %s AS due, \
      coalesce(j.args, (SELECT a.args FROM nb_job_args a WHERE a.job_id = j.id)) AS args"""
          .formatted(Session.NOW);

  /** What a live job takes along to the history, from {@code nb_job j}. */
  static final String LASTING =
      """
      id, run_at, created_at, priority, attempt, max_attempts, weight, needed, unique_while, \
      unique_until, flow_id, deadline, queue, kind, limit_key, unique_key, tags, args, meta""";

  /** The two keys that a settle must know. */
  record Key(long id, long token) implements Comparable<Key> {

    private static final Comparator<Key> BY_ID =
        Comparator.comparingLong(Key::id).thenComparingLong(Key::token);

    @Override
    public int compareTo(Key other) {
      return BY_ID.compare(this, other);
    }

    static Key of(ResultSet row) throws SQLException {
      return new Key(row.getLong("id"), row.getLong("token"));
    }
  }

  /** A lease that has ended, or a job that was given up, and who may wait for it. */
  record Ended(Key key, boolean needed, @Nullable Long flow) {

    static Ended of(ResultSet row) throws SQLException {
      return new Ended(Key.of(row), row.getBoolean("needed"), row.getObject("flow_id", Long.class));
    }
  }

  /**
   * A job to insert.
   *
   * @param suspended whether it waits for others
   * @param needed whether others wait for it
   * @param flow the flow that it belongs to, or null
   */
  record NewRow(NewJob job, boolean suspended, boolean needed, @Nullable Long flow) {

    static NewRow untied(NewJob job) {
      return new NewRow(job, false, false, null);
    }

    int state() {
      return suspended ? SUSPENDED : WAITING;
    }

    // 0 for none: arrays with nulls have no common form.
    long flowOrZero() {
      return flow == null ? 0 : flow;
    }
  }

  record Inserted(long id, Instant createdAt, Instant runAt) {

    static Inserted of(ResultSet row) throws SQLException {
      return new Inserted(row.getLong("id"), instant(row, "created_at"), instant(row, "run_at"));
    }

    Job toJob(NewRow row) {
      JobState state = state(row.state(), !runAt.isAfter(createdAt), 0);
      JobSpec spec = row.job().spec();
      return new Job(
          id, spec, state, 0, 0, createdAt, runAt, null, null, false, row.flow(), row.needed());
    }
  }

  /** A job as it was leased. */
  record Leased(Job job, boolean cancelRequested, Instant claimedAt) {

    static Leased of(ResultSet row) throws SQLException {
      return new Leased(live(row), row.getBoolean("cancel_requested"), instant(row, "claimed_at"));
    }

    Lease lease(long token) {
      return new Lease(job, token, cancelRequested, claimedAt);
    }
  }

  record ErrorRow(long jobId, JobError error) {}

  private JobRows() {}

  private static Job live(ResultSet row) throws SQLException {
    return job(row, null, null);
  }

  static Job liveOrEnded(ResultSet row) throws SQLException {
    Instant finishedAt = instantOrNull(row, "finished_at");
    return finishedAt == null ? live(row) : job(row, finishedAt, row.getString("result"));
  }

  private static Job job(ResultSet row, @Nullable Instant finishedAt, @Nullable String result)
      throws SQLException {
    int attempt = row.getInt("attempt");
    return new Job(
        row.getLong("id"),
        spec(row),
        state(row.getInt("state"), row.getBoolean("due"), attempt),
        attempt,
        row.getInt("crashes"),
        instant(row, "created_at"),
        instant(row, "run_at"),
        finishedAt,
        result,
        false,
        row.getObject("flow_id", Long.class),
        row.getBoolean("needed"));
  }

  static JobSpec spec(ResultSet row) throws SQLException {
    return new JobSpec(
        row.getString("kind"),
        row.getString("queue"),
        row.getInt("priority"),
        row.getInt("max_attempts"),
        row.getString("args"),
        SqlText.tags(row.getString("tags")),
        SqlText.meta(row.getString("meta")),
        new Share(row.getString("limit_key"), row.getInt("weight")),
        instantOrNull(row, "deadline"));
  }

  static JobError error(ResultSet row) throws SQLException {
    return new JobError(
        row.getInt("attempt"),
        instant(row, "failed_at"),
        row.getString("code"),
        row.getString("message"),
        row.getString("trace"));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(instantOrNull(row, column), column);
  }

  static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  static JobState state(int stored, boolean due, int attempt) {
    return switch (stored) {
      case WAITING ->
          due ? JobState.AVAILABLE : attempt > 0 ? JobState.RETRYABLE : JobState.SCHEDULED;
      case EXECUTING -> JobState.EXECUTING;
      case 2 -> JobState.COMPLETED;
      case 3 -> JobState.CANCELLED;
      case 4 -> JobState.DISCARDED;
      case SUSPENDED -> JobState.SUSPENDED;
      default ->
          throw new DatabaseException(
              DatabaseException.SCHEMA,
              "a job has the stored state %d, which this version does not know".formatted(stored));
    };
  }

  static int stored(JobState state) {
    return switch (state) {
      case AVAILABLE, SCHEDULED, RETRYABLE -> WAITING;
      case EXECUTING -> EXECUTING;
      case COMPLETED -> 2;
      case CANCELLED -> 3;
      case DISCARDED -> 4;
      case SUSPENDED -> SUSPENDED;
    };
  }
}
