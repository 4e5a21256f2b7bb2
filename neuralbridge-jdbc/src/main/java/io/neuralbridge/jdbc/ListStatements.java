package io.neuralbridge.jdbc;

import io.neuralbridge.job.Job;
import io.neuralbridge.job.JobCursor;
import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.Page;
import io.neuralbridge.job.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Pages of jobs, live and final ones in one order: ranges of indexes, each walked from the cursor
 * on, merged. Nothing is sorted but the few rows of the page.
 *
 * <p>A walk ends when the page is full. Where few jobs meet the filter it would go on to the end of
 * the table; so it is given a bound first, {@link #WALK} entries ahead. A page that came to its
 * bound is short, and the next one goes on from there.
 */
final class ListStatements {

  /** How many entries of each range a page looks at, at most. */
  static final int WALK = 10_000;

  // Of ranges in one statement: by due time there are twenty a queue, and parameters are bounded.
  private static final int RANGES = 400;

  private static final Comparator<JobCursor> SOONEST =
      Comparator.comparing((JobCursor place) -> Objects.requireNonNull(place.time()))
          .thenComparing(JobCursor::id);

  private static final String NEXT_QUEUE =
      """
      SELECT min(n.queue) AS queue FROM (
        (SELECT j.queue FROM nb_job j WHERE j.state = 0 AND <unkeyed> AND j.queue > :last
         ORDER BY <by_queue> LIMIT 1)
        UNION ALL
        (SELECT j.queue FROM nb_job j WHERE j.state = 0 AND <keyed> AND j.queue > :last
         ORDER BY <by_queue> LIMIT 1)) n
      """;

  private ListStatements() {}

  static Page<Job> list(Session session, JobFilter filter, Paging paging) {
    Page<Long> ids = ids(session, filter, paging);
    Map<Long, Job> found = new HashMap<>();
    ReadStatements.find(session, Set.copyOf(ids.items())).stream()
        .filter(filter::matches)
        .forEach(job -> found.put(job.id(), job));
    List<Job> jobs = ids.items().stream().map(found::get).filter(Objects::nonNull).toList();
    return new Page<>(jobs, ids.next());
  }

  static Page<Long> ids(Session session, JobFilter filter, Paging paging) {
    JobOrder order = paging.order();
    FilterSql conditions = new FilterSql(filter, order);
    List<JobRange> ranges = JobRange.of(order, conditions, queues(session, filter, order));
    if (ranges.isEmpty()) {
      return new Page<>(List.of(), null);
    }
    boolean bounded = filter.ids() == null && ranges.stream().anyMatch(JobRange::needsBound);
    JobCursor bound = bounded ? bound(session, conditions, ranges, paging) : null;
    List<JobCursor> places = walk(session, conditions, ranges, paging, bound);
    List<Long> ids = places.stream().limit(paging.size()).map(JobCursor::id).toList();
    return new Page<>(ids, places.size() > paging.size() ? places.get(paging.size() - 1) : bound);
  }

  private static List<JobCursor> walk(
      Session session,
      FilterSql conditions,
      List<JobRange> ranges,
      Paging paging,
      @Nullable JobCursor bound) {
    JobOrder order = paging.order();
    List<String> walks =
        ranges.stream().map(range -> range.walk(paging.after() != null, bound != null)).toList();
    return first(
        session,
        order,
        walks,
        paging.size() + 1,
        query -> {
          conditions.bind(query);
          bind(query, "after", paging.after());
          bind(query, "bound", bound);
        });
  }

  /** The nearest place that lies {@link #WALK} entries ahead in one of the ranges. */
  private static @Nullable JobCursor bound(
      Session session, FilterSql conditions, List<JobRange> ranges, Paging paging) {
    JobOrder order = paging.order();
    List<String> probes =
        ranges.stream()
            .filter(JobRange::needsBound)
            .map(range -> range.probe(paging.after() != null))
            .toList();
    List<JobCursor> nearest =
        first(
            session,
            order,
            probes,
            1,
            query -> {
              conditions.bind(query);
              bind(query.bind("skip", WALK - 1), "after", paging.after());
            });
    return nearest.isEmpty() ? null : nearest.get(0);
  }

  /** The first places of all that some selects give. */
  private static List<JobCursor> first(
      Session session, JobOrder order, List<String> selects, int limit, Consumer<Query> binder) {
    List<JobCursor> places = new ArrayList<>();
    for (int from = 0; from < selects.size(); from += RANGES) {
      List<String> some = selects.subList(from, Math.min(from + RANGES, selects.size()));
      Query query = session.query(JobRange.merge(order, some)).bind("limit", limit);
      binder.accept(query);
      query.map((row, context) -> cursor(row, order)).forEach(places::add);
    }
    if (selects.size() > RANGES) {
      places.sort(SOONEST);
    }
    return places.subList(0, Math.min(limit, places.size()));
  }

  private static void bind(Query query, String name, @Nullable JobCursor cursor) {
    if (cursor != null) {
      query
          .bind(name + "Id", cursor.id())
          .bind(name + "Time", SqlText.instantOrNull(cursor.time()));
    }
  }

  private static JobCursor cursor(ResultSet row, JobOrder order) throws SQLException {
    return new JobCursor(order, JobRows.instantOrNull(row, "place"), row.getLong("id"));
  }

  // By due time a queue is a range: without names, each is found by one look into the index.
  private static Set<String> queues(Session session, JobFilter filter, JobOrder order) {
    if (order != JobOrder.SOONEST_DUE) {
      return Set.of();
    }
    return filter.queues() != null ? filter.queues() : waitingQueues(session);
  }

  private static Set<String> waitingQueues(Session session) {
    Set<String> queues = new TreeSet<>();
    Optional<String> queue = nextQueue(session, "");
    while (queue.isPresent()) {
      queues.add(queue.get());
      queue = nextQueue(session, queue.get());
    }
    return queues;
  }

  private static Optional<String> nextQueue(Session session, String last) {
    return session.query(NEXT_QUEUE).bind("last", last).mapTo(String.class).findOne();
  }
}
