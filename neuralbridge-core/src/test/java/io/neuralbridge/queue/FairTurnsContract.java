package io.neuralbridge.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.neuralbridge.job.NewJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How the keys of a queue take turns. */
public abstract class FairTurnsContract extends QueueLab {

  private static final int MANY = 10_000;

  @Test
  void tenThousandJobsOfOneKeyDoNotDelayTheOneJobOfAnother() {
    insert(MANY, keyed("greedy"));
    claim(20);
    long modest = insert(keyed("modest")).id();

    assertThat(ids(claim(1))).containsExactly(modest);
  }

  @Test
  void tenThousandJobsOfOneKeyDoNotDelayAJobWithoutKey() {
    insert(MANY, keyed("greedy"));
    claim(20);
    long plain = insert(TYPE.request("x")).id();

    assertThat(ids(claim(1))).containsExactly(plain);
  }

  @Test
  void tenThousandJobsWithoutKeyDoNotDelayOneThatHasOne() {
    insert(MANY, TYPE.request("x"));
    claim(20);
    long modest = insert(keyed("modest")).id();

    assertThat(ids(claim(1))).containsExactly(modest);
  }

  @Test
  void keysGoRoundOneJobEach() {
    for (String key : List.of("a", "b", "c")) {
      insert(3, keyed(key));
    }
    insert(3, TYPE.request("x"));
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      List<Lease> leases = claim(1);
      order.addAll(byKey(leases).keySet());
      finish(leases);
    }

    assertThat(order).containsExactly("", "a", "b", "c", "", "a", "b", "c", "", "a", "b", "c");
  }

  @Test
  void whoRunsLeastGoesFirst() {
    insert(20, keyed("a"));
    assertThat(byKey(claim(6))).isEqualTo(Map.of("a", 6));
    insert(20, keyed("b"));
    insert(20, keyed("c"));

    assertThat(byKey(claim(8))).isEqualTo(Map.of("b", 4, "c", 4));
    assertThat(byKey(claim(7))).isEqualTo(Map.of("a", 1, "b", 3, "c", 3));
  }

  @Test
  void slotsThatAKeyCannotUseGoToTheOthers() {
    insert(1, keyed("a"));
    insert(3, keyed("b"));
    insert(300, keyed("c"));

    assertThat(byKey(claim(40))).isEqualTo(Map.of("a", 1, "b", 3, "c", 36));
  }

  @Test
  void withinAKeyThePriorityAndThenTheDueTimeDecide() {
    long last = insert(keyed("a").withPriority(4)).id();
    long second = insert(keyed("a")).id();
    long first = insert(keyed("a").at(clock.instant().minusSeconds(5))).id();

    assertThat(ids(claim(1))).containsExactly(first);
    assertThat(ids(claim(1))).containsExactly(second);
    assertThat(ids(claim(1))).containsExactly(last);
  }

  @Test
  void priorityGoesBeforeTheTurn() {
    insert(5, keyed("a").withPriority(0));
    insert(5, keyed("b").withPriority(3));

    assertThat(byKey(claim(4))).isEqualTo(Map.of("a", 4));
    assertThat(byKey(claim(4))).isEqualTo(Map.of("a", 1, "b", 3));
  }

  @Test
  void everyPriorityHasATurnOfItsOwn() {
    for (String key : List.of("n", "o", "p")) {
      insert(5, keyed(key).withPriority(5));
    }
    Set<String> served = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      insert(keyed("m").withPriority(0));
      List<Lease> leases = claim(2);
      served.addAll(byKey(leases).keySet());
      finish(leases);
    }

    assertThat(served).containsExactlyInAnyOrder("m", "n", "o", "p");
  }

  @Test
  void jobsThatAreDueLaterDoNotTakeATurn() {
    insert(5, keyed("a").in(Duration.ofHours(1)));
    long due = insert(keyed("b")).id();

    assertThat(ids(claim(10))).containsExactly(due);
    clock.advance(Duration.ofHours(1));
    assertThat(byKey(claim(10))).isEqualTo(Map.of("a", 5));
  }

  @Test
  void aKeyIsFoundAmongThousandsWhoseJobsAreDueLater() {
    List<NewJob> later =
        IntStream.range(0, 2_000)
            .mapToObj(i -> keyed("later" + i).in(Duration.ofHours(1)).toNewJob())
            .toList();
    queue.insert(later);
    insert(2_000, keyed("greedy"));
    claim(5);
    long modest = insert(keyed("zoe")).id();
    int claims = 0;
    Set<Long> claimed = new HashSet<>();
    while (!claimed.contains(modest)) {
      List<Lease> leases = claim(5);
      assertThat(leases).as("no slot is left free meanwhile").hasSize(5);
      claimed.addAll(ids(leases));
      assertThat(++claims).isLessThanOrEqualTo(2 + 2_000 / PriorityLine.MOST_KEYS);
    }
  }

  @Test
  void aThousandKeysAreEachServedOnceARound() {
    int keys = 1_000;
    queue.insert(
        IntStream.range(0, 2 * keys).mapToObj(i -> keyed("key" + i % keys).toNewJob()).toList());
    Set<String> served = new HashSet<>();
    for (int i = 0; i < keys; i += 50) {
      List<Lease> leases = claim(50);
      assertThat(byKey(leases)).hasSize(50);
      assertThat(served).doesNotContainAnyElementsOf(byKey(leases).keySet());
      served.addAll(byKey(leases).keySet());
      finish(leases);
    }
  }
}
