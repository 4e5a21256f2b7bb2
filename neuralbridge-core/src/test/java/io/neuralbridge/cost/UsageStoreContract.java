package io.neuralbridge.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.cost.UsageStore.Dimension;
import io.neuralbridge.cost.UsageStore.UsageShare;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link UsageStore} does. */
public abstract class UsageStoreContract {

  private static final LocalDate MONDAY = LocalDate.parse("2026-11-23");
  private static final LocalDate TUESDAY = MONDAY.plusDays(1);
  private static final UsageFilter BOTH = UsageFilter.days(MONDAY, TUESDAY);

  private UsageStore store;

  /** A store without any usage. */
  protected abstract UsageStore newStore() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = newStore();
  }

  @Test
  void whatIsAddedToOneAccountIsOneRow() {
    UsageKey key = new UsageKey(MONDAY, "m", "", "a.md");
    store.add(Map.of(key, usage(1, 100, "0.000002")));
    store.add(Map.of(key, usage(2, 50, "0.000001")));

    assertThat(totals(BOTH, Dimension.DOCUMENT))
        .containsExactly(new UsageShare("a.md", usage(3, 150, "0.000003")));
  }

  @Test
  void nothingIsNothing() {
    store.add(Map.of());

    assertThat(store.total(BOTH).tokens()).isZero();
    assertThat(store.total(BOTH).cost()).isZero();
    assertThat(totals(BOTH, Dimension.MODEL)).isEmpty();
  }

  @Test
  void everyDimensionAddsUp() {
    fill();

    assertThat(totals(BOTH, Dimension.DAY))
        .extracting(UsageShare::name)
        .containsExactly("2026-11-24", "2026-11-23");
    assertThat(totals(BOTH, Dimension.MODEL))
        .containsExactly(
            new UsageShare("large", usage(1, 10, "5")),
            new UsageShare("small", usage(2, 300, "3")));
    assertThat(totals(BOTH, Dimension.TENANT))
        .extracting(UsageShare::name)
        .containsExactly("acme", "");
    assertThat(totals(BOTH, Dimension.DOCUMENT))
        .extracting(UsageShare::name)
        .containsExactly("b.md", "a.md");
  }

  @Test
  void theDearestComeFirstAndNoMoreThanAsked() {
    fill();

    assertThat(store.totals(BOTH, Dimension.MODEL, 1))
        .extracting(UsageShare::name)
        .containsExactly("large");
  }

  @Test
  void aFilterLeavesOutTheRest() {
    fill();

    assertThat(tokens(UsageFilter.days(MONDAY, MONDAY))).isEqualTo(100);
    assertThat(tokens(BOTH.withModel("small"))).isEqualTo(300);
    assertThat(tokens(BOTH.withTenant("acme"))).isEqualTo(210);
    assertThat(tokens(BOTH.withTenant(""))).isEqualTo(100);
    assertThat(tokens(BOTH.withDocument("b.md").withModel("small"))).isEqualTo(200);
    assertThat(tokens(BOTH.withDocument("c.md"))).isZero();
  }

  @Test
  void oldDaysAreForgottenAFewRowsAtATime() {
    fill();

    assertThat(store.forgetBefore(TUESDAY.plusDays(1), 2)).isEqualTo(2);
    assertThat(store.forgetBefore(TUESDAY.plusDays(1), 2)).isEqualTo(1);
    assertThat(store.forgetBefore(TUESDAY.plusDays(1), 2)).isZero();
    assertThat(store.total(BOTH).requests()).isZero();
  }

  @Test
  void aDayItselfIsKept() {
    fill();
    store.forgetBefore(TUESDAY, 100);

    assertThat(totals(BOTH, Dimension.DAY))
        .extracting(UsageShare::name)
        .containsExactly("2026-11-24");
  }

  @Test
  void namesThatNoDatabaseCanStoreDoNotFailTheRest() {
    store.add(Map.of(new UsageKey(MONDAY, "m", "", "a\0\uD800.md"), usage(1, 7, "0")));

    assertThat(tokens(BOTH)).isEqualTo(7);
  }

  @Test
  void manyWhoAddAtOnceLoseNothing() throws Exception {
    int threads = 8;
    int rounds = 10;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<? extends Future<?>> all =
          IntStream.range(0, threads)
              .mapToObj(
                  thread ->
                      pool.submit(
                          () -> {
                            start.await();
                            for (int i = 0; i < rounds; i++) {
                              store.add(
                                  Map.of(
                                      new UsageKey(MONDAY, "m", "", "x"), usage(1, 1, "1"),
                                      new UsageKey(MONDAY, "m", "", "y"), usage(1, 2, "1")));
                            }
                            return null;
                          }))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(store.total(BOTH).requests()).isEqualTo(2L * threads * rounds);
    assertThat(tokens(BOTH)).isEqualTo(3L * threads * rounds);
  }

  private void fill() {
    store.add(
        Map.of(
            new UsageKey(MONDAY, "small", "", "a.md"), usage(1, 100, "1"),
            new UsageKey(TUESDAY, "small", "acme", "b.md"), usage(1, 200, "2"),
            new UsageKey(TUESDAY, "large", "acme", "b.md"), usage(1, 10, "5")));
  }

  private long tokens(UsageFilter filter) {
    return store.total(filter).tokens();
  }

  private List<UsageShare> totals(UsageFilter filter, Dimension by) {
    return store.totals(filter, by, 100).stream()
        .map(share -> new UsageShare(share.name(), plain(share.usage())))
        .toList();
  }

  private static Usage plain(Usage usage) {
    return new Usage(usage.requests(), usage.tokens(), usage.cost().stripTrailingZeros());
  }

  private static Usage usage(long requests, long tokens, String cost) {
    return new Usage(requests, tokens, new BigDecimal(cost).stripTrailingZeros());
  }
}
