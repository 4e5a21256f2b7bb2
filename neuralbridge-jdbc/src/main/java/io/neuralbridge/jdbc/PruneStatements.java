package io.neuralbridge.jdbc;

import io.neuralbridge.job.ArchivedJob;
import io.neuralbridge.job.JobError;
import io.neuralbridge.queue.EndedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The history from its old end. */
final class PruneStatements {

  private static final String OLDEST =
      """
      SELECT id, finished_at, state, queue, kind FROM nb_job_history j
      WHERE finished_at < <later> AND <unneeded>
      ORDER BY finished_at, id
      LIMIT :limit
      """;

  // The first condition is the one that H2 finds in the index.
  private static final String NEXT =
      """
      SELECT id, finished_at, state, queue, kind FROM nb_job_history j
      WHERE finished_at < <later>
        AND finished_at >= cast(:after AS timestamp(6) with time zone)
        AND (finished_at, id) > (cast(:after AS timestamp(6) with time zone), :afterId)
        AND <unneeded>
      ORDER BY finished_at, id
      LIMIT :limit
      """;

  private static final String ERRORS =
      """
      SELECT job_id, attempt, failed_at, code, message, trace
      FROM nb_job_error WHERE job_id = ANY(cast(:ids AS bigint array))
      ORDER BY job_id, attempt
      """;

  private static final String LOCK =
      """
      SELECT id FROM nb_job_history
      WHERE id = ANY(cast(:ids AS bigint array))
        AND finished_at <= cast(:latest AS timestamp(6) with time zone)
      ORDER BY id
      FOR UPDATE SKIP LOCKED
      """;

  // Once they are locked: a job may have come that needs one of them.
  private static final String STILL_UNNEEDED =
      """
      SELECT j.id FROM nb_job_history j
      WHERE j.id = ANY(cast(:ids AS bigint array)) AND <unneeded>
      """;

  /** Whether nobody minds when {@code nb_job_history j} is deleted. */
  static final String UNNEEDED =
      """
      (SELECT d.id FROM nb_job_link l JOIN nb_job d ON d.id = l.job_id
       WHERE l.needs_id = j.id LIMIT 1) IS NULL
      AND (SELECT f.id FROM nb_flow f WHERE f.id = j.flow_id AND f.finished_at IS NULL) IS NULL""";

  private static final String DELETE =
      """
      DELETE FROM nb_job_history WHERE id = ANY(cast(:ids AS bigint array))
      """;

  private PruneStatements() {}

  static List<EndedJob> ended(Session session, Duration age, @Nullable EndedJob after, int limit) {
    Query query = session.query(after == null ? OLDEST : NEXT);
    if (after != null) {
      query.bind("after", SqlText.instant(after.finishedAt())).bind("afterId", after.id());
    }
    return query
        .bind("delay", -SqlText.micros(age))
        .bind("limit", limit)
        .map(
            (row, context) ->
                new EndedJob(
                    row.getLong("id"),
                    JobRows.instant(row, "finished_at"),
                    JobRows.state(row.getInt("state"), true, 0),
                    row.getString("queue"),
                    row.getString("kind")))
        .list();
  }

  static List<ArchivedJob> read(Session session, List<EndedJob> jobs) {
    Map<Long, Instant> ends =
        jobs.stream().collect(Collectors.toMap(EndedJob::id, EndedJob::finishedAt));
    Map<Long, List<JobError>> errors = errors(session, ends.keySet());
    return ReadStatements.find(session, ends.keySet()).stream()
        .filter(job -> Objects.equals(job.finishedAt(), ends.get(job.id())))
        .map(job -> new ArchivedJob(job, errors.getOrDefault(job.id(), List.of())))
        .toList();
  }

  private static Map<Long, List<JobError>> errors(Session session, Set<Long> ids) {
    Map<Long, List<JobError>> errors = new HashMap<>();
    session
        .query(ERRORS)
        .bindArray("ids", Long.class, ids)
        .map((row, context) -> new JobRows.ErrorRow(row.getLong("job_id"), JobRows.error(row)))
        .forEach(
            row -> errors.computeIfAbsent(row.jobId(), id -> new ArrayList<>()).add(row.error()));
    return errors;
  }

  // What ended later than the last of them was retried since it was read.
  static int delete(Session session, List<EndedJob> jobs) {
    List<Long> locked =
        session
            .query(LOCK)
            .bindArray("ids", Long.class, jobs.stream().map(EndedJob::id).sorted().toList())
            .bind("latest", SqlText.instant(jobs.get(jobs.size() - 1).finishedAt()))
            .mapTo(Long.class)
            .list();
    List<Long> ids =
        session.query(STILL_UNNEEDED).bindArray("ids", Long.class, locked).mapTo(Long.class).list();
    if (!ids.isEmpty()) {
      UniqueStatements.release(session, ids);
      ChainStatements.handOn(session, Set.copyOf(ids));
      session.update(DELETE).bindArray("ids", Long.class, ids).execute();
      Beside.delete(session, ids);
    }
    return ids.size();
  }
}
