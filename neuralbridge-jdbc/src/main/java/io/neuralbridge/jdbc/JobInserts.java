package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import io.neuralbridge.queue.TiePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** New jobs on their way into the tables, in one transaction. */
final class JobInserts {

  private static final int CHUNK = 1_000;

  private JobInserts() {}

  static List<Job> insert(Session session, Dialect dialect, List<NewJob> jobs) {
    return TiePlan.isNeeded(jobs)
        ? insertTied(session, dialect, jobs)
        : insertUntied(session, dialect, jobs);
  }

  private static List<Job> insertTied(Session session, Dialect dialect, List<NewJob> jobs) {
    TiedInsert ties = TiedInsert.prepare(session, dialect, jobs);
    List<JobRows.NewRow> rows = new ArrayList<>(jobs.size());
    for (NewJob job : jobs) {
      rows.add(ties.row(rows.size(), job));
    }
    List<Job> inserted = new ArrayList<>(jobs.size());
    for (int from = 0; from < rows.size(); from += CHUNK) {
      int to = Math.min(from + CHUNK, rows.size());
      inserted.addAll(storeRows(session, dialect, rows.subList(from, to), null));
    }
    ties.complete(session, inserted.stream().map(Job::id).toList());
    return inserted;
  }

  private static List<Job> insertUntied(Session session, Dialect dialect, List<NewJob> jobs) {
    List<Job> inserted = new ArrayList<>(jobs.size());
    for (int from = 0; from < jobs.size(); from += CHUNK) {
      List<NewJob> chunk = jobs.subList(from, Math.min(from + CHUNK, jobs.size()));
      boolean unique = chunk.stream().anyMatch(job -> job.unique() != null);
      inserted.addAll(
          unique
              ? new UniqueInserts(session, dialect, chunk).insert()
              : store(session, dialect, chunk, null));
    }
    return inserted;
  }

  /** Stores jobs whatever keys they have, under ids that were drawn for them or under new ones. */
  static List<Job> store(
      Session session, Dialect dialect, List<NewJob> jobs, @Nullable List<Long> ids) {
    return storeRows(session, dialect, jobs.stream().map(JobRows.NewRow::untied).toList(), ids);
  }

  private static List<Job> storeRows(
      Session session, Dialect dialect, List<JobRows.NewRow> wanted, @Nullable List<Long> ids) {
    List<JobRows.Inserted> rows = new ArrayList<>(dialect.insert(session, wanted, ids));
    rows.sort(Comparator.comparing(JobRows.Inserted::id));
    List<Long> rowIds = rows.stream().map(JobRows.Inserted::id).toList();
    insertLargeArgs(session, dialect, rowIds, wanted.stream().map(JobRows.NewRow::job).toList());
    List<Job> stored = new ArrayList<>(wanted.size());
    for (int i = 0; i < wanted.size(); i++) {
      stored.add(rows.get(i).toJob(wanted.get(i)));
    }
    return stored;
  }

  static void insertLargeArgs(Session session, Dialect dialect, List<Long> ids, List<NewJob> jobs) {
    List<Long> largeIds = new ArrayList<>();
    List<String> largeArgs = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      if (JobArgs.isLarge(jobs.get(i))) {
        largeIds.add(ids.get(i));
        largeArgs.add(SqlText.clean(jobs.get(i).spec().args()));
      }
    }
    if (!largeIds.isEmpty()) {
      dialect.insertArgs(session, largeIds, largeArgs);
    }
  }
}
