package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.NewJob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** New jobs on their way into the tables, in one transaction. */
final class JobInserts {

  private static final int CHUNK = 1_000;

  private JobInserts() {}

  static List<Job> insert(Session session, Dialect dialect, List<NewJob> jobs) {
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
    List<JobRows.Inserted> rows = new ArrayList<>(dialect.insert(session, jobs, ids));
    rows.sort(Comparator.comparing(JobRows.Inserted::id));
    insertLargeArgs(session, dialect, rows.stream().map(JobRows.Inserted::id).toList(), jobs);
    List<Job> stored = new ArrayList<>(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      stored.add(rows.get(i).toJob(jobs.get(i).spec()));
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
