package io.neuralbridge.jdbc;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the stager is told, in the transaction that makes it true. */
final class NewsStatements {

  private static final String TELL_JOBS =
      """
      INSERT INTO nb_job_news (job_id)
      SELECT p.id FROM unnest(cast(:ids AS bigint array)) AS p(id)
      """;

  private static final String TELL_FLOWS =
      """
      INSERT INTO nb_job_news (flow_id)
      SELECT p.id FROM unnest(cast(:ids AS bigint array)) AS p(id)
      """;

  private static final String TAKE =
      """
      SELECT id, job_id, flow_id FROM nb_job_news ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
      """;

  private static final String DELETE =
      """
      DELETE FROM nb_job_news WHERE id = ANY(cast(:ids AS bigint array))
      """;

  /** A job or a flow to look at. */
  record News(long id, @Nullable Long job, @Nullable Long flow) {

    /** The same for all news of one job or flow. */
    News withoutId() {
      return new News(0, job, flow);
    }
  }

  private NewsStatements() {}

  /** Others may wait for jobs that are final now; there is nothing to write if none does. */
  static void tellEnded(Session session, Collection<JobRows.Ended> ended) {
    Set<Long> jobs = new TreeSet<>();
    Set<Long> flows = new TreeSet<>();
    for (JobRows.Ended job : ended) {
      if (job.needed()) {
        jobs.add(job.key().id());
      }
      if (job.flow() != null) {
        flows.add(job.flow());
      }
    }
    tellJobs(session, jobs);
    tellFlows(session, flows);
  }

  static void tellJobs(Session session, Collection<Long> jobs) {
    tell(session, TELL_JOBS, jobs);
  }

  static void tellFlows(Session session, Collection<Long> flows) {
    tell(session, TELL_FLOWS, flows);
  }

  private static void tell(Session session, String sql, Collection<Long> ids) {
    if (!ids.isEmpty()) {
      session.update(sql).bindArray("ids", Long.class, ids).execute();
    }
  }

  static List<News> take(Session session, int limit) {
    return session
        .query(TAKE)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new News(
                    row.getLong("id"),
                    row.getObject("job_id", Long.class),
                    row.getObject("flow_id", Long.class)))
        .list();
  }

  static void delete(Session session, Collection<Long> ids) {
    tell(session, DELETE, ids);
  }
}
