package io.neuralbridge.cost;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which usage counts.
 *
 * @param from the first day, in UTC
 * @param to the last day; not before {@code from}
 * @param model null for every model; so for the others
 */
public record UsageFilter(
    LocalDate from,
    LocalDate to,
    @Nullable String model,
    @Nullable String tenant,
    @Nullable String document) {

  public UsageFilter {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException(
          "the last day, %s, must not be before the first, %s".formatted(to, from));
    }
  }

  /** Everything from one day to another, both included. */
  public static UsageFilter days(LocalDate from, LocalDate to) {
    return new UsageFilter(from, to, null, null, null);
  }

  public UsageFilter withModel(@Nullable String model) {
    return new UsageFilter(from, to, model, tenant, document);
  }

  public UsageFilter withTenant(@Nullable String tenant) {
    return new UsageFilter(from, to, model, tenant, document);
  }

  public UsageFilter withDocument(@Nullable String document) {
    return new UsageFilter(from, to, model, tenant, document);
  }

  boolean matches(UsageKey key) {
    return !key.day().isBefore(from)
        && !key.day().isAfter(to)
        && (model == null || model.equals(key.model()))
        && (tenant == null || tenant.equals(key.tenant()))
        && (document == null || document.equals(key.document()));
  }
}
