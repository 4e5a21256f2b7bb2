package io.neuralbridge.spring.adapter;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import java.util.Set;

/** Expressions of LangChain4j, where what lacks a key is not equal to anything. */
final class LangChain4jFilters extends FilterTranslation<Filter> {

  static Filter equal(String key, String value) {
    return new IsEqualTo(key, value);
  }

  @Override
  Filter in(String key, Set<String> values) {
    return values.size() == 1 ? equal(key, values.iterator().next()) : new IsIn(key, values);
  }

  @Override
  Filter notIn(String key, Set<String> values) {
    return values.size() == 1
        ? new IsNotEqualTo(key, values.iterator().next())
        : new IsNotIn(key, values);
  }

  @Override
  Filter and(Filter left, Filter right) {
    return Filter.and(left, right);
  }

  @Override
  Filter or(Filter left, Filter right) {
    return Filter.or(left, right);
  }
}
