package io.neuralbridge.cost;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * Where usage is added up. This is an SPI. Implementations are safe for use by many threads and
 * nodes at once.
 */
public interface UsageStore {

  /** Adds to what is there; all or nothing. */
  void add(Map<UsageKey, Usage> usage);

  /** All of it together. */
  Usage total(UsageFilter filter);

  /**
   * The same, added up by one of its dimensions.
   *
   * @return those with the highest cost first, then those with the most tokens, ties by name; by
   *     {@link Dimension#DAY} the latest first
   * @param limit how many at most, at least 1
   */
  List<UsageShare> totals(UsageFilter filter, Dimension by, int limit);

  /**
   * Forgets the days before a day, a bounded number of rows at a time.
   *
   * @return how many rows went; call again until it is 0
   */
  int forgetBefore(LocalDate day, int limit);

  /** What usage can be added up by. */
  enum Dimension {
    DAY,
    MODEL,
    TENANT,
    DOCUMENT
  }

  /**
   * One line of a bill.
   *
   * @param name the day as in {@code 2026-11-24}, or the model, the tenant, the document
   */
  record UsageShare(String name, Usage usage) {}
}
