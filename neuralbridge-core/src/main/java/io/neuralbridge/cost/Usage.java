package io.neuralbridge.cost;

import java.math.BigDecimal;

/**
 * What was used.
 *
 * @param requests how many calls of the provider; a call for the texts of several documents counts
 *     for the first of them
 * @param tokens as the provider counted them; the same for texts that it did not want to be paid
 *     for
 * @param cost in the currency of the {@link PriceTable}, zero for a model without a price
 */
public record Usage(long requests, long tokens, BigDecimal cost) {

  public static final Usage NONE = new Usage(0, 0, BigDecimal.ZERO);

  public Usage {
    if (requests < 0 || tokens < 0 || cost.signum() < 0) {
      throw new IllegalArgumentException(
          "what was used must not be negative: %d requests, %d tokens, %s"
              .formatted(requests, tokens, cost));
    }
  }

  public Usage plus(Usage more) {
    return new Usage(requests + more.requests, tokens + more.tokens, cost.add(more.cost));
  }
}
