package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobSpec;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.job.Ties;
import io.neuralbridge.job.Unique;
import io.neuralbridge.job.UniqueKey;
import io.neuralbridge.schedule.Fingerprint;
import io.neuralbridge.schedule.MisfirePolicy;
import io.neuralbridge.schedule.OverlapPolicy;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.Schedule;
import io.neuralbridge.schedule.ScheduleEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Entries to rows, and back. */
final class ScheduleRows {

  private static final Logger log = LoggerFactory.getLogger(ScheduleRows.class);

  /** An entry's columns, from {@code nb_schedule e}. */
  static final String ENTRY =
      """
      e.name, e.schedule, e.zone, e.next_at, e.last_at, e.last_job_id, e.manual_job_id, e.misfire, \
      e.start_within, e.catch_up, e.overlap, e.declared, e.priority, e.max_attempts, e.weight, \
      e.queue, e.kind, e.limit_key, e.unique_key, e.tags, e.args, e.meta, \
      cast(NULL AS timestamp(6) with time zone) AS deadline""";

  /** A row, and the entry in it if this node can read it. */
  record Row(String name, Instant seenAt, Optional<ScheduleEntry> entry) {

    static Row of(ResultSet row) throws SQLException {
      return new Row(row.getString("name"), JobRows.instant(row, "seen_at"), read(row));
    }
  }

  private ScheduleRows() {}

  /** Empty, and an error in the log, if this node cannot read it: the others must not suffer. */
  private static Optional<ScheduleEntry> read(ResultSet row) throws SQLException {
    try {
      return Optional.of(entry(row));
    } catch (IllegalArgumentException | DateTimeException e) {
      log.error(
          "Entry '{}' cannot be read here and is passed by: {}; put it anew, delete it, or run a version that knows what it holds",
          row.getString("name"),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static ScheduleEntry entry(ResultSet row) throws SQLException {
    String declared = row.getString("declared");
    return new ScheduleEntry(
        recurring(row),
        declared == null ? null : Fingerprint.parse(declared),
        JobRows.instantOrNull(row, "next_at"),
        JobRows.instantOrNull(row, "last_at"),
        row.getObject("last_job_id", Long.class),
        row.getObject("manual_job_id", Long.class));
  }

  private static Recurring recurring(ResultSet row) throws SQLException {
    return new Recurring(
        row.getString("name"),
        Schedule.parse(row.getString("schedule"), ZoneId.of(row.getString("zone"))),
        job(row),
        misfire(row),
        OverlapPolicy.valueOf(row.getString("overlap")));
  }

  private static NewJob job(ResultSet row) throws SQLException {
    UniqueKey key = unique(row.getString("unique_key"));
    return new NewJob(JobRows.spec(row), Duration.ZERO, null, key, Ties.NONE);
  }

  private static MisfirePolicy misfire(ResultSet row) throws SQLException {
    Long startWithin = row.getObject("start_within", Long.class);
    return new MisfirePolicy(
        MisfirePolicy.Rule.valueOf(row.getString("misfire")),
        startWithin == null ? null : Duration.ofMillis(startWithin),
        row.getInt("catch_up"));
  }

  // A key, its scope, its period or a dash, and what it replaces.
  private static @Nullable UniqueKey unique(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String[] parts = text.split(" ", -1);
    return new UniqueKey(
        parts[0],
        Unique.Scope.valueOf(parts[1]),
        parts[2].equals("-") ? null : Duration.parse(parts[2]),
        Stream.of(parts).skip(3).map(Unique.Field::valueOf).collect(Collectors.toSet()));
  }

  private static @Nullable String uniqueText(@Nullable UniqueKey unique) {
    if (unique == null) {
      return null;
    }
    Stream<Object> first =
        Stream.of(unique.value(), unique.scope(), unique.period() == null ? "-" : unique.period());
    return Stream.concat(first, unique.replaced().stream().sorted())
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  static <S extends SqlStatement<S>> S bind(S statement, ScheduleEntry entry) {
    Recurring recurring = entry.recurring();
    MisfirePolicy misfire = recurring.misfire();
    bindTimes(statement, entry)
        .bind("schedule", recurring.schedule().text())
        .bind("zone", recurring.schedule().zone().getId())
        .bind("manualJobId", entry.manualJobId())
        .bind("misfire", misfire.rule().name())
        .bind("startWithin", millis(misfire.startWithin()))
        .bind("catchUp", misfire.limit())
        .bind("overlap", recurring.overlap().name())
        .bind("declared", entry.code() == null ? null : entry.code().text());
    return bindJob(statement, recurring.job());
  }

  static <S extends SqlStatement<S>> S bindTimes(S statement, ScheduleEntry entry) {
    return statement
        .bind("name", entry.name())
        .bind("nextAt", SqlText.instantOrNull(entry.nextAt()))
        .bind("lastAt", SqlText.instantOrNull(entry.lastAt()))
        .bind("lastJobId", entry.lastJobId());
  }

  private static <S extends SqlStatement<S>> S bindJob(S statement, NewJob newJob) {
    JobSpec job = newJob.spec();
    return statement
        .bind("uniqueKey", uniqueText(newJob.unique()))
        .bind("priority", job.priority())
        .bind("maxAttempts", job.maxAttempts())
        .bind("weight", job.share().weight())
        .bind("queue", job.queue())
        .bind("kind", job.kind())
        .bind("limitKey", SqlText.cleanOrNull(job.share().key()))
        .bind("tags", SqlText.tags(job.tags()))
        .bind("args", SqlText.clean(job.args()))
        .bind("meta", SqlText.meta(job.meta()));
  }

  private static @Nullable Long millis(@Nullable Duration duration) {
    return duration == null ? null : duration.toMillis();
  }
}
