package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.schedule.Due;
import io.neuralbridge.schedule.OverlapPolicy;
import io.neuralbridge.schedule.ScheduleEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Fires what is due, in one transaction. */
final class FireRound {

  /** How long a key keeps a planned time from a second job. */
  private static final Duration REMEMBERED = Duration.ofDays(1);

  /** When an entry that cannot be read here is due again, so that a node that can may try. */
  private static final Duration DEFERRED = Duration.ofMinutes(1);

  /**
   * What a round did.
   *
   * @param remarks for the log once it is committed, by entry
   */
  record Result(List<Job> jobs, Map<String, String> remarks) {

    static final Result NONE = new Result(List.of(), Map.of());
  }

  private final Session session;
  private final Dialect dialect;
  private final Map<String, ScheduleEntry> entries = new LinkedHashMap<>();
  private final Map<String, Due> dues = new LinkedHashMap<>();

  private FireRound(Session session, Dialect dialect) {
    this.session = session;
    this.dialect = dialect;
  }

  static Result run(Session session, Dialect dialect, int limit) {
    List<ScheduleRows.Row> rows = ScheduleStatements.lockDue(session, limit);
    return rows.isEmpty() ? Result.NONE : new FireRound(session, dialect).fire(rows);
  }

  private Result fire(List<ScheduleRows.Row> rows) {
    deferUnreadable(rows);
    rows.forEach(row -> row.entry().ifPresent(entry -> entries.put(row.name(), entry)));
    if (entries.isEmpty()) {
      return Result.NONE;
    }
    decide(rows.get(0).seenAt());
    List<Job> jobs = insert(planned());
    ScheduleStatements.advance(session, entries.values());
    ScheduleStatements.forget(session, entries.keySet(), REMEMBERED);
    return new Result(jobs, remarks());
  }

  private void deferUnreadable(List<ScheduleRows.Row> rows) {
    List<String> unreadable =
        rows.stream().filter(row -> row.entry().isEmpty()).map(ScheduleRows.Row::name).toList();
    if (!unreadable.isEmpty()) {
      ScheduleStatements.defer(session, unreadable, DEFERRED);
    }
  }

  private void decide(Instant now) {
    Set<Long> live = liveJobs();
    entries.replaceAll(
        (name, entry) -> {
          Due all = Due.of(entry, now);
          Due due = previousJobs(entry).anyMatch(live::contains) ? all.withheld() : all;
          dues.put(name, due);
          return entry.withNextAt(due.nextAt());
        });
  }

  private Set<Long> liveJobs() {
    List<Long> ids = entries.values().stream().flatMap(FireRound::previousJobs).toList();
    return ids.isEmpty() ? Set.of() : ScheduleStatements.live(session, ids);
  }

  /** The jobs that a new one must not overlap. */
  private static Stream<Long> previousJobs(ScheduleEntry entry) {
    return entry.recurring().overlap() == OverlapPolicy.ALLOW
        ? Stream.of()
        : Stream.of(entry.lastJobId(), entry.manualJobId()).filter(Objects::nonNull);
  }

  /** What gets a job: what is due and has none yet. */
  private List<ScheduleStatements.Planned> planned() {
    List<ScheduleStatements.Planned> planned = new ArrayList<>();
    dues.forEach(
        (name, due) ->
            due.planned().forEach(time -> planned.add(new ScheduleStatements.Planned(name, time))));
    if (!planned.isEmpty()) {
      planned.removeAll(ScheduleStatements.fired(session, planned));
    }
    return planned;
  }

  private List<Job> insert(List<ScheduleStatements.Planned> planned) {
    if (planned.isEmpty()) {
      return List.of();
    }
    List<NewJob> wanted = planned.stream().map(this::job).toList();
    List<Job> jobs = JobInserts.insert(session, dialect, wanted);
    ScheduleStatements.remember(session, planned, jobs.stream().map(Job::id).toList());
    for (int i = 0; i < jobs.size(); i++) {
      if (!jobs.get(i).existing()) {
        note(planned.get(i), jobs.get(i).id());
      }
    }
    return jobs.stream().filter(job -> !job.existing()).toList();
  }

  private void note(ScheduleStatements.Planned planned, long jobId) {
    entries.computeIfPresent(
        planned.name(), (name, entry) -> entry.withLastJob(planned.time(), jobId));
  }

  private NewJob job(ScheduleStatements.Planned planned) {
    ScheduleEntry entry = Objects.requireNonNull(entries.get(planned.name()));
    return entry.recurring().jobAt(planned.time());
  }

  private Map<String, String> remarks() {
    Map<String, String> remarks = new LinkedHashMap<>();
    dues.forEach(
        (name, due) -> {
          if (due.remark() != null) {
            remarks.put(name, due.remark());
          }
        });
    return remarks;
  }
}
