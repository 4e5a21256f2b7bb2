package io.neuralbridge.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neuralbridge.testing.VirtualClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostsTest {

  private static final Instant EVENING = Instant.parse("2026-11-30T23:00:00Z");
  private static final PriceTable PRICES = PriceTable.of("USD", Map.of("m", "1", "n", "2"));

  private final VirtualClock clock = new VirtualClock(EVENING);
  private final UsageStore store = new InMemoryUsageStore();

  @Test
  void aCallIsNotedForItsDocumentsAndCountsOnce() {
    Map<String, Long> tokens = new LinkedHashMap<>();
    tokens.put("a.md", 300_000L);
    tokens.put("b.md", 200_000L);
    costs().add("m", "acme", tokens);

    Usage total = store.total(UsageFilter.days(day("2026-11-30"), day("2026-11-30")));
    assertThat(total.requests()).isEqualTo(1);
    assertThat(total.tokens()).isEqualTo(500_000);
    assertThat(total.cost()).isEqualByComparingTo("0.5");
  }

  @Test
  void aBudgetIsSpentWhenItsLimitIsReached() {
    Costs costs = costs(Budget.perDay("daily", BigDecimal.ONE));
    use(costs, "m", "", 999_999);
    assertThat(costs.spent("m", "")).isEmpty();

    use(costs, "m", "", 1);

    BudgetSpent spent = costs.spent("m", "").orElseThrow();
    assertThat(spent.spent()).isEqualByComparingTo("1");
    assertThat(spent.until()).isEqualTo("2026-12-01T00:00:00Z");
    assertThat(spent.message())
        .isEqualTo(
            "budget 'daily' of 1 a day is spent (1.000000000): no more calls before"
                + " 2026-12-01T00:00:00Z; raise it to go on");
  }

  @Test
  void theNextPeriodBeginsAnew() {
    Costs costs = costs(Budget.perDay("daily", BigDecimal.ONE), Budget.perMonth("monthly", two()));
    use(costs, "m", "", 1_000_000);
    assertThat(costs.spent("m", "")).isPresent();

    clock.advance(Duration.ofHours(1));

    assertThat(costs.spent("m", "")).isEmpty();
  }

  @Test
  void whatOtherNodesSpendIsSeenWithinSeconds() {
    Costs costs = costs(Budget.perMonth("monthly", BigDecimal.ONE));
    Costs other = costs(Budget.perMonth("monthly", BigDecimal.ONE));
    assertThat(costs.spent("m", "")).isEmpty();
    use(other, "m", "", 1_000_000);
    assertThat(costs.spent("m", "")).isEmpty();

    clock.advance(Duration.ofSeconds(5));

    assertThat(costs.spent("m", "")).isPresent();
  }

  @Test
  void aBudgetOfATenantOrAModelStopsNobodyElse() {
    Costs costs =
        costs(
            Budget.perDay("acme's", BigDecimal.ONE).withTenant("acme"),
            Budget.perDay("n's", two()).withModel("n"));
    use(costs, "m", "acme", 1_000_000);
    use(costs, "n", "other", 1_000_000);

    assertThat(costs.spent("m", "acme")).isPresent();
    assertThat(costs.spent("m", "other")).isEmpty();
    assertThat(costs.spent("n", "other").orElseThrow().budget().name()).isEqualTo("n's");
  }

  @Test
  void ofSeveralThatAreSpentTheLongestIsTold() {
    Costs costs = costs(Budget.perDay("daily", BigDecimal.ONE), Budget.perMonth("monthly", two()));
    clock.advance(Duration.ofHours(2));
    use(costs, "n", "", 1_000_000);

    assertThat(costs.spent("n", "").orElseThrow().budget().name()).isEqualTo("monthly");
  }

  @Test
  void thereIsOneAlertAPeriodAndAListenerThatFailsStopsNothing() {
    List<BudgetSpent> alerts = new ArrayList<>();
    Costs costs = costs(Budget.perDay("daily", BigDecimal.ZERO));
    costs.onSpent(
        spent -> {
          alerts.add(spent);
          throw new IllegalStateException("mail is down");
        });

    costs.spent("m", "");
    costs.spent("m", "");
    assertThat(alerts).hasSize(1);
    clock.advance(Duration.ofDays(1));

    assertThat(costs.spent("m", "")).isPresent();
    assertThat(alerts).hasSize(2);
  }

  @Test
  void aBudgetThatCanNeverBeSpentIsRefused() {
    assertThatThrownBy(() -> costs(Budget.perDay("b", two()).withModel("free")))
        .hasMessage(
            "budget 'b' can never be spent: model 'free' has no price; add it to the PriceTable");
    assertThatThrownBy(
            () -> new Costs(store, PriceTable.NONE, List.of(Budget.perDay("b", two())), clock))
        .hasMessageContaining("no model has a price");
    assertThatThrownBy(() -> costs(Budget.perDay("b", two()), Budget.perMonth("b", two())))
        .hasMessageContaining("two budgets are named 'b'");
    assertThatThrownBy(() -> Budget.perDay(" ", two())).hasMessageContaining("needs a name");
    assertThatThrownBy(() -> Budget.perDay("b", two().negate()))
        .hasMessage("budget 'b' must not be negative: -2");
  }

  private Costs costs(Budget... budgets) {
    return new Costs(store, PRICES, List.of(budgets), clock);
  }

  private static void use(Costs costs, String model, String tenant, long tokens) {
    costs.add(model, tenant, Map.of("a.md", tokens));
  }

  private static BigDecimal two() {
    return BigDecimal.valueOf(2);
  }

  private static LocalDate day(String day) {
    return LocalDate.parse(day);
  }
}
