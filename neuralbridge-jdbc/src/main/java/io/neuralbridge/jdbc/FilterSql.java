package io.neuralbridge.jdbc;

import io.neuralbridge.job.JobFilter;
import io.neuralbridge.job.JobOrder;
import io.neuralbridge.job.JobState;
import io.neuralbridge.job.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * A filter as conditions on {@code nb_job j} and {@code nb_job_history j}.
 *
 * <p>A listing walks the index that gives its order. What could lure a planner into another one, to
 * sort what it finds there, is compared as an expression.
 */
final class FilterSql {

  static final Set<JobState> LIVE = statesThat(false);
  static final Set<JobState> ENDED = statesThat(true);

  private final JobFilter filter;
  private final List<String> conditions = new ArrayList<>();
  private final List<Consumer<Query>> binders = new ArrayList<>();

  FilterSql(JobFilter filter, JobOrder order) {
    this.filter = filter;
    if (order != JobOrder.SOONEST_DUE) {
      anyOf("j.queue", "queues", String.class, "varchar", filter.queues());
      anyOf("j.priority", "priorities", Integer.class, "smallint", filter.priorities());
    }
    anyOf("j.kind", "kinds", String.class, "varchar", filter.kinds());
    anyOf("j.id", "ids", Long.class, "bigint", filter.ids());
    labels(filter.labels());
    conditions.addAll(within("j.created_at", "created", filter.times().created()));
  }

  /** Binds what the conditions name. */
  void bind(Query query) {
    binders.forEach(binder -> binder.accept(query));
  }

  /** The priorities that are meant. By due time each is a range, and so is each queue. */
  Collection<Integer> priorities() {
    return filter.priorities() == null ? JobRows.PRIORITIES : filter.priorities();
  }

  /** The states of live jobs that may meet the filter. */
  Set<JobState> live() {
    return filter.times().finished().isAny() ? wanted(LIVE) : EnumSet.noneOf(JobState.class);
  }

  /** The states of final jobs that may meet the filter. */
  Set<JobState> ended() {
    return wanted(ENDED);
  }

  private Set<JobState> wanted(Set<JobState> all) {
    Set<JobState> wanted = EnumSet.copyOf(all);
    if (filter.states() != null) {
      wanted.retainAll(filter.states());
    }
    return wanted;
  }

  /** What else live jobs must meet to be in one of these states and pass. */
  List<String> onLive(Set<JobState> states) {
    List<String> all = new ArrayList<>(conditions);
    if (!states.equals(LIVE)) {
      all.add("(" + String.join(" OR ", states.stream().map(FilterSql::live).toList()) + ")");
    }
    return all;
  }

  /** When jobs must be due, or have been. */
  List<String> due() {
    return within("j.run_at", "due", filter.times().due());
  }

  /**
   * When final jobs must have ended.
   *
   * @param column the time of the end, or an expression that is no index's
   */
  List<String> finished(String column) {
    return within(column, "finished", filter.times().finished());
  }

  /** What else final jobs must meet to be in one of these states and pass. */
  List<String> onEnded(Set<JobState> states) {
    List<String> all = new ArrayList<>(conditions);
    if (!states.equals(ENDED)) {
      List<Integer> stored = states.stream().map(JobRows::stored).toList();
      all.add("j.state + 0 = ANY(cast(:ended AS integer array))");
      binders.add(query -> query.bindArray("ended", Integer.class, stored));
    }
    return all;
  }

  private static String live(JobState state) {
    String stored = "j.state + 0 = " + JobRows.stored(state);
    return switch (state) {
      case AVAILABLE -> "(" + stored + " AND j.run_at <= <now>)";
      case SCHEDULED -> "(" + stored + " AND j.run_at > <now> AND j.attempt = 0)";
      case RETRYABLE -> "(" + stored + " AND j.run_at > <now> AND j.attempt > 0)";
      default -> stored;
    };
  }

  private void labels(JobFilter.Labels labels) {
    if (labels.anyTag() != null) {
      List<String> any = labels.anyTag().stream().map(this::tag).toList();
      conditions.add(any.isEmpty() ? "1 = 0" : "(" + String.join(" OR ", any) + ")");
    }
    labels.allTags().forEach(tag -> conditions.add(tag(tag)));
    labels.meta().forEach((key, value) -> conditions.add(meta(SqlText.metaEntry(key, value))));
    if (labels.key() != null) {
      conditions.add("j.limit_key = " + text(SqlText.clean(labels.key())));
    }
  }

  private String tag(String tag) {
    return "position(%s IN ' ' || j.tags || ' ') > 0".formatted(text(" " + tag + " "));
  }

  // A quote inside a name or a value is written with a backslash before it, so that an entry
  // after a brace or a comma is one.
  private String meta(String entry) {
    return "(position(%s IN j.meta) = 1 OR position(%s IN j.meta) > 0)"
        .formatted(text("{" + entry), text("," + entry));
  }

  /** A bound text as an expression. */
  String text(String value) {
    String name = "text" + binders.size();
    binders.add(query -> query.bind(name, value));
    return "cast(:" + name + " AS varchar)";
  }

  private <T> void anyOf(
      String column, String name, Class<T> type, String sqlType, @Nullable Collection<T> values) {
    if (values != null) {
      conditions.add("%s = ANY(cast(:%s AS %s array))".formatted(column, name, sqlType));
      binders.add(query -> query.bindArray(name, type, values));
    }
  }

  private List<String> within(String column, String name, TimeRange range) {
    List<String> within = new ArrayList<>();
    if (range.from() != null) {
      within.add(column + " >= " + moment(name + "From", range.from()));
    }
    if (range.before() != null) {
      within.add(column + " < " + moment(name + "Before", range.before()));
    }
    return within;
  }

  private String moment(String name, Instant instant) {
    String text = SqlText.instant(instant);
    binders.add(query -> query.bind(name, text));
    return "cast(:" + name + " AS timestamp(6) with time zone)";
  }

  private static Set<JobState> statesThat(boolean areFinal) {
    Set<JobState> states = EnumSet.allOf(JobState.class);
    states.removeIf(state -> state.isFinal() != areFinal);
    return states;
  }
}
