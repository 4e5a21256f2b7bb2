package io.neuralbridge.cost;

import java.time.LocalDate;
import java.util.Comparator;

/**
 * To whose account something goes.
 *
 * @param day in UTC, as providers bill
 * @param model the id of the model
 * @param tenant empty if there are none
 * @param document the name of the document; empty for what belongs to none, such as queries
 */
public record UsageKey(LocalDate day, String model, String tenant, String document)
    implements Comparable<UsageKey> {

  private static final Comparator<UsageKey> ORDER =
      Comparator.comparing(UsageKey::day)
          .thenComparing(UsageKey::model)
          .thenComparing(UsageKey::tenant)
          .thenComparing(UsageKey::document);

  @Override
  public int compareTo(UsageKey other) {
    return ORDER.compare(this, other);
  }
}
