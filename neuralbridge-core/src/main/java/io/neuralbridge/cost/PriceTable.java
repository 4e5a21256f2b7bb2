package io.neuralbridge.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a million input tokens of each model cost. There is no table built in: prices change, and
 * contracts differ. Immutable.
 *
 * <pre>{@code
 * PriceTable.of("USD", Map.of("text-embedding-3-small", "0.02", "text-embedding-3-large", "0.13"))
 * }</pre>
 *
 * @param currency of all prices
 * @param perMillionTokens by model: its id, or the beginning of its id before a character that is
 *     neither letter nor digit nor {@code -} nor {@code .}, so that {@code text-embedding-3-small}
 *     is the price of {@code text-embedding-3-small@512} too; the longest that fits counts
 */
public record PriceTable(Currency currency, Map<String, BigDecimal> perMillionTokens) {

  private static final int SCALE = 9;
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /** No model has a price, and everything costs nothing. */
  public static final PriceTable NONE = new PriceTable(Currency.getInstance("USD"), Map.of());

  public PriceTable {
    perMillionTokens = Map.copyOf(perMillionTokens);
    perMillionTokens.forEach(
        (model, price) -> {
          if (price.signum() < 0) {
            throw new IllegalArgumentException(
                "the price of %s must not be negative: %s".formatted(model, price));
          }
        });
  }

  /**
   * A table of prices as text.
   *
   * @param currency by its ISO 4217 code, such as {@code EUR}
   * @throws IllegalArgumentException if there is no such currency, or a price is not a number
   */
  public static PriceTable of(String currency, Map<String, String> perMillionTokens) {
    return new PriceTable(
        Currency.getInstance(currency),
        perMillionTokens.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, entry -> price(entry.getKey(), entry.getValue()))));
  }

  private static BigDecimal price(String model, String price) {
    try {
      return new BigDecimal(price);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "the price of %s is not a number: '%s'; give it as in 0.02".formatted(model, price), e);
    }
  }

  /** What a million tokens of a model cost; empty if it has no price. */
  public Optional<BigDecimal> price(String model) {
    return perMillionTokens.entrySet().stream()
        .filter(entry -> isOf(entry.getKey(), model))
        .max(Comparator.comparingInt(entry -> entry.getKey().length()))
        .map(Map.Entry::getValue);
  }

  /** What tokens of a model cost, to nine digits; zero if it has no price. */
  public BigDecimal cost(String model, long tokens) {
    return price(model)
        .map(
            price ->
                price
                    .multiply(BigDecimal.valueOf(tokens))
                    .divide(MILLION, SCALE, RoundingMode.HALF_UP))
        .orElse(BigDecimal.ZERO);
  }

  private static boolean isOf(String entry, String model) {
    if (!model.startsWith(entry)) {
      return false;
    }
    if (model.length() == entry.length()) {
      return true;
    }
    char next = model.charAt(entry.length());
    return !Character.isLetterOrDigit(next) && next != '-' && next != '.';
  }
}
