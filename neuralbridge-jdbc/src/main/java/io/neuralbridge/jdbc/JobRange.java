package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A part of an index that holds jobs in the order of a listing.
 *
 * @param prefix what makes the part
 * @param sort all columns of the index, or H2 would sort the whole part
 * @param conditions what is left to ask of each job
 * @param small whether it holds few jobs, whatever the table holds
 */
record JobRange(
    JobOrder order,
    String table,
    List<String> prefix,
    String sort,
    List<String> conditions,
    boolean small) {

  private static final String LIVE = "nb_job";
  private static final String ENDED = "nb_job_history";
  // Jobs with a key have an index of their own.
  private static final List<String> LANES = List.of("<unkeyed>", "<keyed>");
  // No index's, so that nothing but the order chooses the index.
  private static final String ENDED_AT = "coalesce(j.finished_at, j.created_at)";

  /**
   * The ranges in which an order lists the jobs that may meet a filter.
   *
   * @param queues those to look at, where a queue is a range
   */
  static List<JobRange> of(JobOrder order, FilterSql filter, Collection<String> queues) {
    List<JobRange> ranges = new ArrayList<>();
    switch (order) {
      case NEWEST -> {
        addLive(ranges, filter);
        addEnded(ranges, filter);
      }
      case SOONEST_DUE -> addWaiting(ranges, filter, queues);
      case LATEST_FINISHED -> addFinished(ranges, filter);
    }
    return ranges;
  }

  private static void addLive(List<JobRange> ranges, FilterSql filter) {
    Set<JobState> states = filter.live();
    List<String> conditions = and(filter.onLive(states), filter.due());
    if (states.equals(Set.of(JobState.EXECUTING))) {
      // Sorted by an expression, or the planner may look for these few along all ids.
      ranges.add(newest(LIVE, List.of("j.state = 1"), "j.id + 0 DESC", conditions, true));
    } else if (!states.isEmpty()) {
      ranges.add(newest(LIVE, List.of(), "j.id DESC", conditions, false));
    }
  }

  private static void addEnded(List<JobRange> ranges, FilterSql filter) {
    Set<JobState> states = filter.ended();
    List<String> times = and(filter.due(), filter.finished(ENDED_AT));
    if (states.contains(JobState.COMPLETED)) {
      List<String> conditions = and(filter.onEnded(states), times);
      ranges.add(newest(ENDED, List.of(), "j.id DESC", conditions, false));
      return;
    }
    List<String> conditions = and(filter.onEnded(FilterSql.ENDED), times);
    for (JobState state : states) {
      List<String> prefix = List.of("j.state = " + JobRows.stored(state), "j.state <> 2");
      ranges.add(newest(ENDED, prefix, "j.state DESC, j.id DESC", conditions, false));
    }
  }

  private static JobRange newest(
      String table, List<String> prefix, String sort, List<String> conditions, boolean small) {
    return new JobRange(JobOrder.NEWEST, table, prefix, sort, conditions, small);
  }

  private static void addFinished(List<JobRange> ranges, FilterSql filter) {
    Set<JobState> states = filter.ended();
    if (!states.isEmpty()) {
      ranges.add(
          new JobRange(
              JobOrder.LATEST_FINISHED,
              ENDED,
              filter.finished("j.finished_at"),
              "j.finished_at DESC, j.id DESC",
              and(filter.onEnded(states), filter.due()),
              false));
    }
  }

  private static void addWaiting(
      List<JobRange> ranges, FilterSql filter, Collection<String> queues) {
    Set<JobState> states = filter.live();
    states.removeIf(state -> !state.isWaiting());
    if (states.isEmpty()) {
      return;
    }
    List<String> due = and(filter.due(), dueBy(states));
    List<String> conditions = filter.onLive(isToldByDueTime(states) ? FilterSql.LIVE : states);
    for (String queue : queues) {
      String inQueue = "j.queue = " + filter.text(queue);
      for (int priority : filter.priorities()) {
        for (String lane : LANES) {
          List<String> prefix = List.of("j.state = 0", lane, inQueue, "j.priority = " + priority);
          ranges.add(
              new JobRange(
                  JobOrder.SOONEST_DUE,
                  LIVE,
                  and(prefix, due),
                  "<by_due_time>",
                  conditions,
                  false));
        }
      }
    }
  }

  private static List<String> dueBy(Set<JobState> waiting) {
    if (!waiting.contains(JobState.AVAILABLE)) {
      return List.of("j.run_at > <now>");
    }
    return waiting.size() == 1 ? List.of("j.run_at <= <now>") : List.of();
  }

  private static boolean isToldByDueTime(Set<JobState> waiting) {
    return waiting.contains(JobState.SCHEDULED) == waiting.contains(JobState.RETRYABLE);
  }

  private static List<String> and(List<String> some, List<String> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** Whether a walk may pass many jobs that do not meet the filter. */
  boolean needsBound() {
    return !small && !conditions.isEmpty();
  }

  /** The jobs of one page in this range. */
  String walk(boolean after, boolean bound) {
    List<String> where = new ArrayList<>(prefix);
    if (after) {
      where.add(beyond("after"));
    }
    if (bound) {
      where.add(upTo("bound"));
    }
    where.addAll(conditions);
    return select(where) + "LIMIT :limit";
  }

  /** The place that lies so many entries ahead. */
  String probe(boolean after) {
    List<String> where = new ArrayList<>(prefix);
    if (after) {
      where.add(beyond("after"));
    }
    return select(where) + "LIMIT 1 OFFSET :skip";
  }

  private String select(List<String> where) {
    return """
        SELECT j.id, %s AS place
        FROM %s j
        WHERE %s
        ORDER BY %s
        """
        .formatted(place(), table, where.isEmpty() ? "1 = 1" : String.join(" AND ", where), sort);
  }

  private String place() {
    return switch (order) {
      case NEWEST -> "cast(NULL AS timestamp(6) with time zone)";
      case SOONEST_DUE -> "j.run_at";
      case LATEST_FINISHED -> "j.finished_at";
    };
  }

  private String beyond(String cursor) {
    return switch (order) {
      case NEWEST -> "j.id < :%sId".formatted(cursor);
      case SOONEST_DUE -> pair("run_at", ">=", ">", cursor);
      case LATEST_FINISHED -> pair("finished_at", "<=", "<", cursor);
    };
  }

  private String upTo(String cursor) {
    return switch (order) {
      case NEWEST -> "j.id >= :%sId".formatted(cursor);
      case SOONEST_DUE -> pair("run_at", "<=", "<=", cursor);
      case LATEST_FINISHED -> pair("finished_at", ">=", ">=", cursor);
    };
  }

  // H2 finds the time alone in the index, PostgreSQL the pair.
  private static String pair(String column, String byTime, String byPair, String cursor) {
    return """
        j.%1$s %2$s cast(:%4$sTime AS timestamp(6) with time zone) \
        AND (j.%1$s, j.id) %3$s (cast(:%4$sTime AS timestamp(6) with time zone), :%4$sId)"""
        .formatted(column, byTime, byPair, cursor);
  }

  /** The first {@code :limit} of what some selects give, each in the order. */
  static String merge(JobOrder order, List<String> selects) {
    if (selects.size() == 1) {
      return selects.get(0);
    }
    String sort =
        switch (order) {
          case NEWEST -> "id DESC";
          case SOONEST_DUE -> "place, id";
          case LATEST_FINISHED -> "place DESC, id DESC";
        };
    return "(" + String.join(")\nUNION ALL\n(", selects) + ")\nORDER BY " + sort + " LIMIT :limit";
  }
}
