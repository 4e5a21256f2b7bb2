package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.schedule.Declaration;
import io.neuralbridge.schedule.Recurring;
import io.neuralbridge.schedule.ScheduleEntry;
import io.neuralbridge.schedule.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Scheduler} in a database: every verb is one transaction. */
final class JdbcScheduler implements Scheduler {

  private static final Logger log = LoggerFactory.getLogger(JdbcScheduler.class);

  private final Database database;

  JdbcScheduler(Database database) {
    this.database = database;
  }

  @Override
  public Declaration declare(Collection<Recurring> entries) {
    List<String> names = entries.stream().map(Recurring::name).toList();
    return database.runGuarded(
        session -> {
          List<ScheduleRows.Row> rows = ScheduleStatements.lockDeclared(session, names);
          List<ScheduleEntry> stored = rows.stream().flatMap(row -> row.entry().stream()).toList();
          Declaration declaration =
              Declaration.of(entries, stored, ScheduleStatements.now(session));
          rows.stream()
              .filter(row -> names.contains(row.name()))
              .forEach(row -> deleteUnreadable(session, row));
          declaration.created().forEach(entry -> ScheduleStatements.insert(session, entry));
          declaration.changed().forEach(entry -> ScheduleStatements.update(session, entry));
          return declaration;
        });
  }

  @Override
  public Optional<ScheduleEntry> create(Recurring recurring) {
    return database.runGuarded(
        session ->
            ScheduleStatements.lock(session, recurring.name()).isPresent()
                ? Optional.empty()
                : Optional.of(insert(session, recurring)));
  }

  @Override
  public ScheduleEntry put(Recurring recurring) {
    return database.runGuarded(session -> put(session, recurring));
  }

  private static ScheduleEntry put(Session session, Recurring recurring) {
    Optional<ScheduleRows.Row> row = ScheduleStatements.lock(session, recurring.name());
    row.ifPresent(found -> deleteUnreadable(session, found));
    return edit(session, row, (entry, now) -> entry.redefined(recurring, now))
        .orElseGet(() -> insert(session, recurring));
  }

  private static void deleteUnreadable(Session session, ScheduleRows.Row row) {
    if (row.entry().isEmpty()) {
      ScheduleStatements.delete(session, row.name());
    }
  }

  private static ScheduleEntry insert(Session session, Recurring recurring) {
    ScheduleEntry entry = ScheduleEntry.created(recurring, ScheduleStatements.now(session));
    ScheduleStatements.insert(session, entry);
    return entry;
  }

  @Override
  public Optional<ScheduleEntry> update(String name, UnaryOperator<Recurring> change) {
    return database.runGuarded(
        session -> edit(session, name, (entry, now) -> entry.edited(change, now)));
  }

  @Override
  public boolean pause(String name) {
    return database.runGuarded(
        session -> edit(session, name, (entry, now) -> entry.pausedNow()).isPresent());
  }

  @Override
  public boolean resume(String name) {
    return database.runGuarded(session -> edit(session, name, ScheduleEntry::resumed).isPresent());
  }

  private static Optional<ScheduleEntry> edit(
      Session session, String name, BiFunction<ScheduleEntry, Instant, ScheduleEntry> change) {
    return edit(session, ScheduleStatements.lock(session, name), change);
  }

  private static Optional<ScheduleEntry> edit(
      Session session,
      Optional<ScheduleRows.Row> locked,
      BiFunction<ScheduleEntry, Instant, ScheduleEntry> change) {
    return locked.flatMap(
        row -> row.entry().map(old -> save(session, old, change.apply(old, row.seenAt()))));
  }

  private static ScheduleEntry save(Session session, ScheduleEntry old, ScheduleEntry changed) {
    if (!changed.equals(old)) {
      ScheduleStatements.update(session, changed);
    }
    return changed;
  }

  @Override
  public boolean delete(String name) {
    return database.runGuarded(session -> ScheduleStatements.delete(session, name));
  }

  @Override
  public Optional<Job> runNow(String name) {
    return database.runGuarded(
        session ->
            ScheduleStatements.lock(session, name)
                .flatMap(row -> row.entry().map(entry -> runNow(session, entry, row.seenAt()))));
  }

  private Job runNow(Session session, ScheduleEntry entry, Instant now) {
    List<NewJob> wanted = List.of(entry.recurring().jobAt(now));
    Job job = JobInserts.insert(session, database.dialect, wanted).get(0);
    ScheduleStatements.update(session, entry.withManualJob(job.id()));
    return job;
  }

  @Override
  public Optional<ScheduleEntry> find(String name) {
    return database.run(session -> ScheduleStatements.find(session, name));
  }

  @Override
  public List<ScheduleEntry> list() {
    return database.run(ScheduleStatements::list);
  }

  @Override
  public List<Job> fire(int limit) {
    FireRound.Result result =
        database.runGuarded(session -> FireRound.run(session, database.dialect, limit));
    result.remarks().forEach((name, remark) -> log.info("Entry '{}' {}", name, remark));
    return result.jobs();
  }

  @Override
  public Optional<Duration> untilNextFire() {
    return database.run(ScheduleStatements::untilNext);
  }
}
