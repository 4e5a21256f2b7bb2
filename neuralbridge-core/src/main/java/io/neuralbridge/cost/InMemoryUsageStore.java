package io.neuralbridge.cost;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link UsageStore} for tests and for processes that need not remember. */
public final class InMemoryUsageStore implements UsageStore {

  private static final Comparator<UsageShare> LATEST =
      Comparator.comparing(UsageShare::name).reversed();

  private static final Comparator<UsageShare> DEAREST =
      Comparator.comparing((UsageShare share) -> share.usage().cost())
          .thenComparing(share -> share.usage().tokens())
          .reversed()
          .thenComparing(UsageShare::name);

  private final TreeMap<UsageKey, Usage> rows = new TreeMap<>();

  @Override
  public synchronized void add(Map<UsageKey, Usage> usage) {
    usage.forEach((key, more) -> rows.merge(key, more, Usage::plus));
  }

  @Override
  public synchronized Usage total(UsageFilter filter) {
    return matching(filter).map(Map.Entry::getValue).reduce(Usage.NONE, Usage::plus);
  }

  @Override
  public synchronized List<UsageShare> totals(UsageFilter filter, Dimension by, int limit) {
    Map<String, Usage> sums =
        matching(filter)
            .collect(
                Collectors.toMap(row -> name(row.getKey(), by), Map.Entry::getValue, Usage::plus));
    return sums.entrySet().stream()
        .map(sum -> new UsageShare(sum.getKey(), sum.getValue()))
        .sorted(by == Dimension.DAY ? LATEST : DEAREST)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized int forgetBefore(LocalDate day, int limit) {
    List<UsageKey> old =
        rows.keySet().stream().takeWhile(key -> key.day().isBefore(day)).limit(limit).toList();
    old.forEach(rows::remove);
    return old.size();
  }

  private Stream<Map.Entry<UsageKey, Usage>> matching(UsageFilter filter) {
    return rows.entrySet().stream().filter(row -> filter.matches(row.getKey()));
  }

  private static String name(UsageKey key, Dimension by) {
    return switch (by) {
      case DAY -> key.day().toString();
      case MODEL -> key.model();
      case TENANT -> key.tenant();
      case DOCUMENT -> key.document();
    };
  }
}
