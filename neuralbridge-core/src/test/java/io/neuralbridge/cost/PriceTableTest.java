package io.neuralbridge.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PriceTableTest {

  private final PriceTable prices =
      PriceTable.of(
          "EUR",
          Map.of(
              "text-embedding-3-small", "0.02",
              "text-embedding-3", "9",
              "text-embedding-3-small@256", "0.01"));

  @Test
  void aPriceIsForAMillionTokens() {
    assertThat(prices.cost("text-embedding-3-small", 1_500_000)).isEqualByComparingTo("0.03");
    assertThat(prices.cost("text-embedding-3-small", 1)).isEqualByComparingTo("0.00000002");
  }

  @Test
  void aPriceHoldsForTheModelsVariantsUnlessTheyHaveTheirOwn() {
    assertThat(prices.price("text-embedding-3-small@512").orElseThrow())
        .isEqualByComparingTo("0.02");
    assertThat(prices.price("text-embedding-3-small#1a2b").orElseThrow())
        .isEqualByComparingTo("0.02");
    assertThat(prices.price("text-embedding-3-small@256").orElseThrow())
        .isEqualByComparingTo("0.01");
  }

  @Test
  void aPriceIsNotForAnotherModelWhoseNameBeginsAlike() {
    assertThat(prices.price("text-embedding-3-large")).isEmpty();
    assertThat(prices.price("text-embedding-3-smaller")).isEmpty();
    assertThat(prices.price("text-embedding-3.5")).isEmpty();
  }

  @Test
  void aModelWithoutAPriceCostsNothing() {
    assertThat(prices.cost("local", 1_000_000)).isZero();
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> PriceTable.of("USD", Map.of("m", "cheap")))
        .hasMessage("the price of m is not a number: 'cheap'; give it as in 0.02");
    assertThatThrownBy(() -> PriceTable.of("USD", Map.of("m", "-1")))
        .hasMessage("the price of m must not be negative: -1");
    assertThatThrownBy(() -> PriceTable.of("dollars", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
