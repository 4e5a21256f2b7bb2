package io.neuralbridge.spring.adapter;

import java.util.List;
import java.util.Set;
import org.springframework.ai.vectorstore.filter.Filter;
import org.springframework.ai.vectorstore.filter.Filter.Expression;
import org.springframework.ai.vectorstore.filter.Filter.ExpressionType;
import org.springframework.ai.vectorstore.filter.Filter.Operand;

/** Expressions of Spring AI. */
final class SpringAiFilters extends FilterTranslation<Expression> {

  static Expression equal(String key, String value) {
    return compare(ExpressionType.EQ, key, value);
  }

  static boolean asksForMissingKeys(Operand operand) {
    if (operand instanceof Filter.Group group) {
      return asksForMissingKeys(group.content());
    }
    return operand instanceof Expression expression
        && (expression.type() == ExpressionType.ISNULL
            || asksForMissingKeys(expression.left())
            || (expression.right() != null && asksForMissingKeys(expression.right())));
  }

  @Override
  Expression in(String key, Set<String> values) {
    return values.size() == 1
        ? equal(key, values.iterator().next())
        : compare(ExpressionType.IN, key, List.copyOf(values));
  }

  @Override
  Expression notIn(String key, Set<String> values) {
    Expression other =
        values.size() == 1
            ? compare(ExpressionType.NE, key, values.iterator().next())
            : compare(ExpressionType.NIN, key, List.copyOf(values));
    return or(other, new Expression(ExpressionType.ISNULL, new Filter.Key(key)));
  }

  @Override
  Expression and(Expression left, Expression right) {
    return new Expression(ExpressionType.AND, grouped(left), grouped(right));
  }

  @Override
  Expression or(Expression left, Expression right) {
    return new Expression(ExpressionType.OR, grouped(left), grouped(right));
  }

  private static Expression compare(ExpressionType type, String key, Object value) {
    return new Expression(type, new Filter.Key(key), new Filter.Value(value));
  }

  // Stores that write the expression as text set their parentheses by groups.
  private static Operand grouped(Expression expression) {
    boolean joins =
        expression.type() == ExpressionType.AND || expression.type() == ExpressionType.OR;
    return joins ? new Filter.Group(expression) : expression;
  }
}
