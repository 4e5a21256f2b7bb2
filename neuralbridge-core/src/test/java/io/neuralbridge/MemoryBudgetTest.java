package io.neuralbridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.queue.QueueSettings;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

  private final MemoryBudget budget = new MemoryBudget();

  @BeforeEach
  void hundred() {
    budget.resize(100);
  }

  @Test
  void givesNoMoreThanThereIs() {
    assertThat(budget.take(60)).isTrue();
    assertThat(budget.take(41)).isFalse();
    assertThat(budget.take(40)).isTrue();

    budget.giveBack(60);

    assertThat(budget.take(60)).isTrue();
  }

  @Test
  void whatNeverFitsGetsItAlone() {
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
    assertThat(budget.fits(1)).isFalse();
    budget.giveBack(150);
    assertThat(budget.take(10)).isTrue();
  }

  @Test
  void theLargestEstimatesOfTheLargestQueueDoNotOverflow() {
    budget.resize(QueueSettings.ANY_MEMORY);
    for (int unit = 0; unit < 10_000; unit++) {
      assertThat(budget.take(1_000 * Kinds.MOST_BYTES)).isTrue();
    }
  }

  @Test
  void thereIsRoomForOneJobAsLongAsNothingIsKnownOfSizes() {
    assertThat(budget.room(0)).isEqualTo(1);

    budget.note(25);

    assertThat(budget.room(0)).isEqualTo(4);
    assertThat(budget.room(30)).isEqualTo(2);
    budget.take(80);
    assertThat(budget.room(0)).isZero();
  }

  @Test
  void thereIsAlwaysRoomForOneWhereNothingRuns() {
    budget.note(1_000);

    assertThat(budget.room(0)).isEqualTo(1);
    assertThat(budget.room(1)).isZero();
  }

  @Test
  void sizesThatChangeAreLearned() {
    budget.note(1_000);
    for (int i = 0; i < 100; i++) {
      budget.note(10);
    }

    assertThat(budget.room(0)).isBetween(5, 10);
  }

  @Test
  void withoutABudgetOrWithoutEstimatesThereIsRoomForAll() {
    budget.note(0);
    assertThat(budget.room(0)).isEqualTo(Integer.MAX_VALUE);
    budget.note(1_000);
    budget.resize(QueueSettings.ANY_MEMORY);
    assertThat(budget.room(0)).isEqualTo(Integer.MAX_VALUE);
  }
}
