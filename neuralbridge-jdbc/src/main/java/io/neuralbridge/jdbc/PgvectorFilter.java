package io.neuralbridge.jdbc;

import io.neuralbridge.vector.VectorFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/**
 * A filter as a condition on {@code metadata}, a {@code jsonb} that is never null; so no part of it
 * is ever unknown, and NOT means what it means in Java.
 */
final class PgvectorFilter {

  private final List<List<String>> values = new ArrayList<>();
  private final String sql;

  PgvectorFilter(VectorFilter filter) {
    sql = sql(filter);
  }

  /** The condition, which holds nothing that came from outside. */
  String sql() {
    return sql;
  }

  Query bind(Query query) {
    for (int i = 0; i < values.size(); i++) {
      query.bindArray(parameter(i), String.class, values.get(i));
    }
    return query;
  }

  private String sql(VectorFilter filter) {
    if (filter instanceof VectorFilter.In in) {
      return in(in);
    }
    if (filter instanceof VectorFilter.And and) {
      return join(and.filters(), " AND ", "TRUE");
    }
    if (filter instanceof VectorFilter.Or or) {
      return join(or.filters(), " OR ", "FALSE");
    }
    return "NOT " + sql(((VectorFilter.Not) filter).filter());
  }

  private String join(List<VectorFilter> filters, String operator, String none) {
    return filters.isEmpty()
        ? none
        : filters.stream().map(this::sql).collect(Collectors.joining(operator, "(", ")"));
  }

  // Containment, because that is what an index on metadata answers.
  private String in(VectorFilter.In in) {
    values.add(in.values().stream().map(value -> SqlText.jsonb(Map.of(in.key(), value))).toList());
    return "metadata @> ANY (cast(:%s AS jsonb[]))".formatted(parameter(values.size() - 1));
  }

  private static String parameter(int i) {
    return "filter" + i;
  }
}
