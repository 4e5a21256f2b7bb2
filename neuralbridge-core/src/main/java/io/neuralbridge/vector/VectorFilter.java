package io.neuralbridge.vector;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which records of a collection a search considers, by their metadata. A key that a record lacks
 * equals nothing. The closed set of forms is what every store must translate.
 */
public sealed interface VectorFilter {

  /** Every record. */
  static VectorFilter all() {
    return new And(List.of());
  }

  /** Records whose {@code key} is exactly {@code value}. */
  static VectorFilter eq(String key, String value) {
    return new In(key, Set.of(value));
  }

  /** Records whose {@code key} is one of {@code values}; none where {@code values} is empty. */
  static VectorFilter in(String key, Set<String> values) {
    return new In(key, values);
  }

  static VectorFilter and(VectorFilter... filters) {
    return new And(List.of(filters));
  }

  static VectorFilter or(VectorFilter... filters) {
    return new Or(List.of(filters));
  }

  static VectorFilter not(VectorFilter filter) {
    return new Not(filter);
  }

  /** Whether a record with this metadata passes. */
  boolean test(Map<String, String> metadata);

  /** {@code key} is one of {@code values}. */
  record In(String key, Set<String> values) implements VectorFilter {
    public In {
      values = Set.copyOf(values);
    }

    @Override
    public boolean test(Map<String, String> metadata) {
      String value = metadata.get(key);
      return value != null && values.contains(value);
    }
  }

  /** All of them; true where there are none. */
  record And(List<VectorFilter> filters) implements VectorFilter {
    public And {
      filters = List.copyOf(filters);
    }

    @Override
    public boolean test(Map<String, String> metadata) {
      for (VectorFilter filter : filters) {
        if (!filter.test(metadata)) {
          return false;
        }
      }
      return true;
    }
  }

  /** One of them at least; false where there are none. */
  record Or(List<VectorFilter> filters) implements VectorFilter {
    public Or {
      filters = List.copyOf(filters);
    }

    @Override
    public boolean test(Map<String, String> metadata) {
      for (VectorFilter filter : filters) {
        if (filter.test(metadata)) {
          return true;
        }
      }
      return false;
    }
  }

  /** The opposite. */
  record Not(VectorFilter filter) implements VectorFilter {
    @Override
    public boolean test(Map<String, String> metadata) {
      return !filter.test(metadata);
    }
  }
}
