package io.neuralbridge.cost;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How much may be spent in a period. When it is spent, no more calls are made until the next period
 * begins or the budget is raised; what is in flight then is still paid.
 *
 * @param name for alerts, not blank
 * @param limit in the currency of the {@link PriceTable}; zero allows nothing
 * @param period how often it starts anew, in UTC
 * @param model of which model; null for all together
 * @param tenant of which tenant; null for all together
 */
public record Budget(
    String name, BigDecimal limit, Period period, @Nullable String model, @Nullable String tenant) {

  /** How often a budget starts anew. */
  public enum Period {
    DAY,
    MONTH
  }

  public Budget {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a budget needs a name, for the alert when it is spent");
    }
    if (limit.signum() < 0) {
      throw new IllegalArgumentException(
          "budget '%s' must not be negative: %s".formatted(name, limit));
    }
  }

  /** For each day, all models and tenants together. */
  public static Budget perDay(String name, BigDecimal limit) {
    return new Budget(name, limit, Period.DAY, null, null);
  }

  /** For each month, all models and tenants together. */
  public static Budget perMonth(String name, BigDecimal limit) {
    return new Budget(name, limit, Period.MONTH, null, null);
  }

  public Budget withModel(String model) {
    return new Budget(name, limit, period, model, tenant);
  }

  public Budget withTenant(String tenant) {
    return new Budget(name, limit, period, model, tenant);
  }

  boolean covers(String usedModel, String usedTenant) {
    return (model == null || model.equals(usedModel))
        && (tenant == null || tenant.equals(usedTenant));
  }

  /** The usage that counts on a day: of the whole period that it is in. */
  UsageFilter usage(LocalDate today) {
    return UsageFilter.days(firstDay(today), today).withModel(model).withTenant(tenant);
  }

  LocalDate firstDay(LocalDate today) {
    return period == Period.DAY ? today : today.withDayOfMonth(1);
  }

  /** When the next period begins. */
  Instant end(LocalDate today) {
    LocalDate first = firstDay(today);
    LocalDate next = period == Period.DAY ? first.plusDays(1) : first.plusMonths(1);
    return next.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
