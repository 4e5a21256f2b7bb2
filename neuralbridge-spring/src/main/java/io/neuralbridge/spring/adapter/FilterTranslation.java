package io.neuralbridge.spring.adapter;

import io.neuralbridge.vector.VectorFilter;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a {@link VectorFilter} into another library's expression, with every {@code Not} pushed
 * down to the comparisons. So no expression asks for the opposite of one that a database finds
 * unknown, a missing key, which would be unknown too.
 *
 * @param <E> the other library's expression
 */
abstract class FilterTranslation<E> {

  /**
   * What a filter is.
   *
   * @param expression null where every record passes, or none does
   * @param passes what records do where there is no expression
   */
  record Translated<E>(@Nullable E expression, boolean passes) {}

  /** The key is there, and is one of the values, of which there is one at least. */
  abstract E in(String key, Set<String> values);

  /** The key is not there, or is none of the values, of which there is one at least. */
  abstract E notIn(String key, Set<String> values);

  abstract E and(E left, E right);

  abstract E or(E left, E right);

  final Translated<E> translate(VectorFilter filter) {
    return translate(filter, false);
  }

  private Translated<E> translate(VectorFilter filter, boolean negated) {
    if (filter instanceof VectorFilter.Not not) {
      return translate(not.filter(), !negated);
    }
    if (filter instanceof VectorFilter.And and) {
      return join(and.filters(), negated, !negated);
    }
    if (filter instanceof VectorFilter.Or or) {
      return join(or.filters(), negated, negated);
    }
    VectorFilter.In in = (VectorFilter.In) filter;
    if (in.values().isEmpty()) {
      return new Translated<>(null, negated);
    }
    return new Translated<>(
        negated ? notIn(in.key(), in.values()) : in(in.key(), in.values()), true);
  }

  private Translated<E> join(List<VectorFilter> filters, boolean negated, boolean conjunction) {
    List<Translated<E>> parts = filters.stream().map(each -> translate(each, negated)).toList();
    boolean decided =
        parts.stream().anyMatch(part -> part.expression() == null && part.passes() != conjunction);
    if (decided) {
      return new Translated<>(null, !conjunction);
    }
    BinaryOperator<E> operator = conjunction ? this::and : this::or;
    Stream<E> expressions = parts.stream().map(Translated::expression).flatMap(Stream::ofNullable);
    return expressions
        .reduce(operator)
        .map(expression -> new Translated<>(expression, true))
        .orElseGet(() -> new Translated<>(null, conjunction));
  }
}
