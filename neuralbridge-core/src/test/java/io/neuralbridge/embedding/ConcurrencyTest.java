package io.neuralbridge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConcurrencyTest {

  private final Concurrency concurrency = new Concurrency(4, 16);

  private int round(int everyThrottled) {
    int calls = concurrency.limit();
    for (int i = 0; i < calls; i++) {
      concurrency.begin();
    }
    for (int i = 1; i <= calls; i++) {
      concurrency.end(everyThrottled > 0 && i % everyThrottled == 0);
    }
    return concurrency.limit();
  }

  @Test
  void itDoublesAtFirstUpToTheMost() {
    assertThat(round(0)).isEqualTo(8);
    assertThat(round(0)).isEqualTo(16);
    assertThat(round(0)).isEqualTo(16);
  }

  @Test
  void aRoundThatIsRefusedHalvesItDownToOne() {
    round(0);
    assertThat(round(1)).isEqualTo(4);
    assertThat(round(1)).isEqualTo(2);
    assertThat(round(1)).isEqualTo(1);
    assertThat(round(1)).isEqualTo(1);
  }

  @Test
  void afterThatItGrowsByOneARound() {
    round(1);
    assertThat(round(0)).isEqualTo(3);
    assertThat(round(0)).isEqualTo(4);
  }

  @Test
  void oneRefusalInARoundCostsLittle() {
    round(0);
    round(0);
    assertThat(round(16)).isEqualTo(15);
  }

  @Test
  void whatIsNotUsedDoesNotGrow() {
    for (int i = 0; i < 100; i++) {
      concurrency.begin();
      concurrency.end(false);
    }
    assertThat(concurrency.limit()).isEqualTo(4);
  }

  @Test
  void queriesHaveOneMorePlace() {
    for (int i = 0; i < 4; i++) {
      concurrency.begin();
    }
    assertThat(concurrency.hasPlaceFor(InputType.DOCUMENT)).isFalse();
    assertThat(concurrency.hasPlaceFor(InputType.QUERY)).isTrue();
    concurrency.begin();
    assertThat(concurrency.hasPlaceFor(InputType.QUERY)).isFalse();
  }
}
