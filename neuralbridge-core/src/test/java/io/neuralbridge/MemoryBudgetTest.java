package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private final MemoryBudget budget = new MemoryBudget(100);

  @Test
  void givesNoMoreThanThereIs() {
    assertThat(budget.take(60)).isTrue();
    assertThat(budget.take(41)).isFalse();
    assertThat(budget.take(40)).isTrue();

    budget.giveBack(60);

    assertThat(budget.take(60)).isTrue();
  }

  @Test
  void whatNeverFitsRunsAlone() {
    assertThat(budget.take(1)).isTrue();
    assertThat(budget.take(1_000)).isFalse();
    budget.giveBack(1);
    assertThat(budget.take(1_000)).isTrue();
    assertThat(budget.take(1)).isFalse();
    assertThat(budget.take(0)).isTrue();
  }

  @Test
  void canBeResizedWhileItIsTaken() {
    assertThat(budget.take(100)).isTrue();
    budget.resize(150);
    assertThat(budget.take(50)).isTrue();
    budget.resize(10);
    budget.giveBack(150);
    assertThat(budget.take(10)).isTrue();
  }

  @Test
  void anUnlimitedBudgetNeverRefuses() {
    MemoryBudget unlimited = new MemoryBudget(MemoryBudget.UNLIMITED);
    assertThat(unlimited.take(Long.MAX_VALUE / 2)).isTrue();
    assertThat(unlimited.take(Long.MAX_VALUE / 2)).isTrue();
  }
}
