package io.neuralbridge.cost;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;

/**
 * That a budget is spent.
 *
 * @param spent what was spent in its period so far, not less than its limit
 * @param until when its next period begins
 */
public record BudgetSpent(Budget budget, BigDecimal spent, Instant until) {

  /** One sentence for logs and errors. */
  public String message() {
    return "budget '%s' of %s a %s is spent (%s): no more calls before %s; raise it to go on"
        .formatted(
            budget.name(),
            budget.limit().toPlainString(),
            budget.period().name().toLowerCase(Locale.ROOT),
            spent.toPlainString(),
            until);
  }
}
