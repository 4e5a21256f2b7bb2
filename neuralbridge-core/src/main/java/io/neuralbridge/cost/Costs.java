package io.neuralbridge.cost;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up what calls cost, and tells when a budget is spent. Safe for use by many threads at once.
 *
 * <p>What other nodes spend is seen within five seconds, so a budget may be exceeded by what all
 * nodes spend in that time.
 */
public final class Costs {

  /** Notes nothing and allows everything. */
  public static final Costs NONE = new Costs(new Nowhere(), PriceTable.NONE, List.of());

  private static final Logger log = LoggerFactory.getLogger(Costs.class);
  private static final Duration TRUSTED_FOR = Duration.ofSeconds(5);

  private final UsageStore store;
  private final PriceTable prices;
  private final List<Account> accounts = new ArrayList<>();
  private final InstantSource clock;
  private volatile Consumer<BudgetSpent> listener = spent -> {};

  /**
   * Costs by the system's clock.
   *
   * @throws IllegalArgumentException if a budget is for a model that has no price, or two have one
   *     name
   */
  public Costs(UsageStore store, PriceTable prices, List<Budget> budgets) {
    this(store, prices, budgets, InstantSource.system());
  }

  Costs(UsageStore store, PriceTable prices, List<Budget> budgets, InstantSource clock) {
    this.store = store;
    this.prices = prices;
    this.clock = clock;
    Map<String, Budget> names = new HashMap<>();
    for (Budget budget : budgets) {
      requirePrice(budget);
      if (names.put(budget.name(), budget) != null) {
        throw new IllegalArgumentException(
            "two budgets are named '%s': an alert could not say which".formatted(budget.name()));
      }
      accounts.add(new Account(budget));
    }
  }

  private void requirePrice(Budget budget) {
    String model = budget.model();
    boolean priced =
        model == null ? !prices.perMillionTokens().isEmpty() : prices.price(model).isPresent();
    if (!priced) {
      throw new IllegalArgumentException(
          "budget '%s' can never be spent: %s; add it to the PriceTable"
              .formatted(
                  budget.name(),
                  model == null ? "no model has a price" : "model '" + model + "' has no price"));
    }
  }

  /** Told when a budget is spent, once a period and node; replaces the one before. */
  public void onSpent(Consumer<BudgetSpent> listener) {
    this.listener = listener;
  }

  public PriceTable prices() {
    return prices;
  }

  /** What was noted. */
  public UsageStore store() {
    return store;
  }

  /**
   * Notes a call that succeeded.
   *
   * @param model the id of the model
   * @param tenant empty if there are none
   * @param tokens by document; the call counts for the first
   */
  public void add(String model, String tenant, Map<String, Long> tokens) {
    LocalDate today = today();
    Map<UsageKey, Usage> usage = new HashMap<>();
    BigDecimal cost = BigDecimal.ZERO;
    long requests = 1;
    for (Map.Entry<String, Long> entry : tokens.entrySet()) {
      Usage one = new Usage(requests, entry.getValue(), prices.cost(model, entry.getValue()));
      usage.put(new UsageKey(today, model, tenant, entry.getKey()), one);
      cost = cost.add(one.cost());
      requests = 0;
    }
    store.add(usage);
    for (Account account : accounts) {
      if (account.budget.covers(model, tenant)) {
        account.add(today, cost);
      }
    }
  }

  /** The budget that forbids a call, if there is one: the one that forbids it for longest. */
  public Optional<BudgetSpent> spent(String model, String tenant) {
    Optional<BudgetSpent> longest = Optional.empty();
    for (Account account : accounts) {
      if (account.budget.covers(model, tenant)) {
        Optional<BudgetSpent> spent = account.spent();
        if (spent.isPresent()
            && longest.filter(one -> !one.until().isBefore(spent.get().until())).isEmpty()) {
          longest = spent;
        }
      }
    }
    return longest;
  }

  /** The time by which budgets begin anew. */
  public Instant now() {
    return clock.instant();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** What was spent of a budget in the current period, as far as this node knows. */
  private final class Account {

    private final Budget budget;
    private BigDecimal spent = BigDecimal.ZERO;
    private Instant readAt = Instant.MIN;
    private LocalDate period = LocalDate.MIN;
    private LocalDate alerted = LocalDate.MIN;

    Account(Budget budget) {
      this.budget = budget;
    }

    synchronized void add(LocalDate day, BigDecimal cost) {
      if (budget.firstDay(day).equals(period)) {
        spent = spent.add(cost);
      }
    }

    Optional<BudgetSpent> spent() {
      LocalDate today = today();
      Optional<BudgetSpent> news = Optional.empty();
      Optional<BudgetSpent> result;
      synchronized (this) {
        refresh(today);
        result =
            spent.compareTo(budget.limit()) < 0
                ? Optional.empty()
                : Optional.of(new BudgetSpent(budget, spent, budget.end(today)));
        if (result.isPresent() && !alerted.equals(period)) {
          alerted = period;
          news = result;
        }
      }
      news.ifPresent(Costs.this::alert);
      return result;
    }

    private void refresh(LocalDate today) {
      Instant now = clock.instant();
      boolean isNew = !budget.firstDay(today).equals(period);
      if (isNew || !now.isBefore(readAt.plus(TRUSTED_FOR))) {
        spent = store.total(budget.usage(today)).cost();
        period = budget.firstDay(today);
        readAt = now;
      }
    }
  }

  private void alert(BudgetSpent spent) {
    log.warn("{}", spent.message());
    try {
      listener.accept(spent);
    } catch (RuntimeException e) {
      log.error("The listener for budgets failed", e);
    }
  }

  private static final class Nowhere implements UsageStore {
    @Override
    public void add(Map<UsageKey, Usage> usage) {}

    @Override
    public Usage total(UsageFilter filter) {
      return Usage.NONE;
    }

    @Override
    public List<UsageShare> totals(UsageFilter filter, Dimension by, int limit) {
      return List.of();
    }

    @Override
    public int forgetBefore(LocalDate day, int limit) {
      return 0;
    }
  }
}
